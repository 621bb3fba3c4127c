package overlay_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"iter"
	"slices"
	"testing"

	ourhkdf "github.com/nabla-go/nabla/kernel/symbols/overlay/hkdf"
	ouriter "github.com/nabla-go/nabla/kernel/symbols/overlay/iter"
	ourmaps "github.com/nabla-go/nabla/kernel/symbols/overlay/maps"
	ourpbkdf2 "github.com/nabla-go/nabla/kernel/symbols/overlay/pbkdf2"
	ourrand "github.com/nabla-go/nabla/kernel/symbols/overlay/rand"
	ourreflect "github.com/nabla-go/nabla/kernel/symbols/overlay/reflect"
	ourunique "github.com/nabla-go/nabla/kernel/symbols/overlay/unique"
)

func TestPullEndsAndStops(t *testing.T) {
	ended := 0
	count := func(yield func(int) bool) {
		defer func() { ended++ }()
		for i := range 3 {
			if !yield(i) {
				return
			}
		}
	}
	next, stop := ouriter.Pull(count)
	var got []int
	for v, ok := next(); ok; v, ok = next() {
		got = append(got, v)
	}
	stop()
	if !slices.Equal(got, []int{0, 1, 2}) || ended != 1 {
		t.Errorf("pulled %v, the sequence ended %d times", got, ended)
	}
	next, stop = ouriter.Pull(count)
	next()
	stop()
	if _, ok := next(); ok || ended != 2 {
		t.Errorf("after stop next gives a value, or the sequence did not end (%d)", ended)
	}
	next, stop = ouriter.Pull(iter.Seq[int](count))
	stop()
	if _, ok := next(); ok || ended != 2 {
		t.Error("a sequence that was stopped before it began has run")
	}
}

func TestPullPanics(t *testing.T) {
	next, _ := ouriter.Pull(func(yield func(int) bool) { panic("inside") })
	defer func() {
		if p := recover(); p != "inside" {
			t.Errorf("next panics with %v", p)
		}
		if _, ok := next(); ok {
			t.Error("next gives a value after the panic")
		}
	}()
	next()
}

func TestKeysAreTheLibrarys(t *testing.T) {
	salt := []byte("salt")
	want, _ := pbkdf2.Key(sha256.New, "password", salt, 50, 70)
	if got, err := ourpbkdf2.Key(sha256.New, "password", salt, 50, 70); err != nil || !bytes.Equal(got, want) {
		t.Errorf("pbkdf2: %x, %v, want %x", got, err, want)
	}
	for _, salt := range [][]byte{nil, salt} {
		want, _ := hkdf.Key(sha256.New, []byte("secret"), salt, "info", 100)
		if got, err := ourhkdf.Key(sha256.New, []byte("secret"), salt, "info", 100); err != nil || !bytes.Equal(got, want) {
			t.Errorf("hkdf: %x, %v, want %x", got, err, want)
		}
	}
	if _, err := ourhkdf.Key(sha256.New, nil, nil, "", 1<<20); err == nil {
		t.Error("hkdf: no error for a key that is too long")
	}
}

func TestSmallOnes(t *testing.T) {
	first, again := ourunique.Make("a"), ourunique.Make("a")
	if first != again || first == ourunique.Make("b") {
		t.Error("unique.Make: equal values have different handles, or different values the same")
	}
	if ourunique.Make[any](1).Value() != 1 || ourunique.Make(1).Value() != 1 {
		t.Error("unique: an int and an interface that holds it are mixed up")
	}
	m := map[string]int{"a": 1}
	c := ourmaps.Clone(m)
	c["b"] = 2
	if len(m) != 1 || ourmaps.Clone(map[int]int(nil)) != nil {
		t.Error("maps.Clone shares, or makes a map of nil")
	}
	if got := ourreflect.TypeFor[error]().String(); got != "error" {
		t.Errorf("reflect.TypeFor[error] = %s", got)
	}
	for range 100 {
		if n := ourrand.N(int8(7)); n < 0 || n >= 7 {
			t.Fatalf("rand.N(7) = %d", n)
		}
	}
}
