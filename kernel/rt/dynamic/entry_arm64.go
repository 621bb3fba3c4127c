package dynamic

// stride is the distance of entries in bytes.
const stride = 8
