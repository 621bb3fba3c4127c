// Package hkdf has the functions of crypto/hkdf by way of crypto/hmac (RFC 5869).
package hkdf

import (
	"crypto/hmac"
	"errors"
	"hash"
)

// Extract gives a pseudorandom key from the secret and an optional salt.
func Extract[H hash.Hash](h func() H, secret, salt []byte) ([]byte, error) {
	if salt == nil {
		salt = make([]byte, h().Size())
	}
	mac := hmac.New(func() hash.Hash { return h() }, salt)
	mac.Write(secret)
	return mac.Sum(nil), nil
}

// Expand derives a key of keyLength bytes from a pseudorandom key.
func Expand[H hash.Hash](h func() H, pseudorandomKey []byte, info string, keyLength int) ([]byte, error) {
	mac := hmac.New(func() hash.Hash { return h() }, pseudorandomKey)
	if keyLength > 255*mac.Size() {
		return nil, errors.New("hkdf: requested key length too large")
	}
	var out, block []byte
	for count := byte(1); len(out) < keyLength; count++ {
		mac.Reset()
		mac.Write(block)
		mac.Write([]byte(info))
		mac.Write([]byte{count})
		block = mac.Sum(block[:0])
		out = append(out, block...)
	}
	return out[:keyLength], nil
}

// Key is Extract followed by Expand.
func Key[Hash hash.Hash](h func() Hash, secret, salt []byte, info string, keyLength int) ([]byte, error) {
	prk, err := Extract(h, secret, salt)
	if err != nil {
		return nil, err
	}
	return Expand(h, prk, info, keyLength)
}
