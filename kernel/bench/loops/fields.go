package loops

type account struct {
	ID      int
	Balance int
	Limits  limits
}

type limits struct{ Low, High int }

// Fields reads and writes fields, some of structs in structs.
func Fields() float64 {
	accounts := make([]account, 100)
	for i := range accounts {
		accounts[i] = account{ID: i, Limits: limits{Low: -i, High: 10 * i}}
	}
	for round := 0; round < 5000; round++ {
		for i := range accounts {
			a := &accounts[i]
			a.Balance += a.ID - round%7
			if a.Balance > a.Limits.High {
				a.Balance = a.Limits.Low
			}
		}
	}
	sum := 0
	for _, a := range accounts {
		sum += a.Balance
	}
	return float64(sum)
}
