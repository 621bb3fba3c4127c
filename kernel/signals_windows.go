package kernel

// shrugOff has nothing to do: Windows has no such signals.
func shrugOff() {}
