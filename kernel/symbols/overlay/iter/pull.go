// Package iter has iter.Pull and Pull2 with a goroutine in place of the
// runtime's coroutines.
package iter

import "iter"

// Pull gives functions that step through seq and that end it early. The goroutine
// starts with the first call of next, and seq runs only while next or stop waits.
func Pull[V any](seq iter.Seq[V]) (next func() (V, bool), stop func()) {
	next2, stop := Pull2(func(yield func(V, struct{}) bool) {
		seq(func(v V) bool { return yield(v, struct{}{}) })
	})
	return func() (V, bool) {
		v, _, ok := next2()
		return v, ok
	}, stop
}

// Pull2 is Pull for sequences of pairs.
func Pull2[K, V any](seq iter.Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	var (
		k       K
		v       V
		failed  any
		started bool
		done    bool
		resume  = make(chan bool) // true: go on, false: stop
		yielded = make(chan bool) // true: k and v are set, false: the end
	)
	run := func() {
		defer func() {
			failed = recover()
			yielded <- false
		}()
		if !<-resume {
			return
		}
		seq(func(key K, value V) bool {
			if done {
				return false
			}
			k, v = key, value
			yielded <- true
			return <-resume
		})
	}
	step := func(more bool) bool {
		if !started {
			started = true
			go run()
		}
		resume <- more
		ok := <-yielded
		if !ok {
			done = true
			if p := failed; p != nil {
				failed = nil
				panic(p)
			}
		}
		return ok
	}
	next = func() (K, V, bool) {
		var noKey K
		var noValue V
		if done || !step(true) {
			return noKey, noValue, false
		}
		key, value := k, v
		k, v = noKey, noValue
		return key, value, true
	}
	stop = func() {
		if done {
			return
		}
		done = true
		if started {
			step(false)
		}
	}
	return next, stop
}
