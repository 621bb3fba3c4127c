package regress

import (
	"strings"
	"testing"
)

func TestDerivations(t *testing.T) {
	for kind := range sources {
		t.Run(string(kind), func(t *testing.T) {
			d, err := derivationOf(kind)
			if err != nil {
				t.Fatal(err)
			}
			t.Log("\n" + d.String())
			if !strings.Contains(d.HTML(), "$") || len(d.Steps) < 5 {
				t.Error(d)
			}
		})
	}
}
