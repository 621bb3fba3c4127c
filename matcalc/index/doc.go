// Package index holds expressions in index form: sums of products of entries,
// such as Σ_k a_ik b_kj, after Einstein. It is the form of results of order three
// and four, which no matrix notation holds, and of sums over several indices.
//
//	form, err := index.Of(f)              // of a node: its entry (i, j)
//	d, err := form.Derivative(x, slope)   // one or two more free indices
//	m := d.Matrix()                       // back to a matrix, where there is one
//
// # Raising back to matrices
//
// The indices of a term are the vertices of a graph and its matrices the edges;
// vectors are weights of vertices. A vertex that is summed over and has at most
// two neighbours is eliminated: a chain becomes a product, a vertex without
// neighbours an inner product or a sum, a weight on a path diag(w), two edges
// between one pair of vertices an elementwise product. What remains of a term
// with at most two free indices and no other vertex is a matrix; other terms
// stay in index form, each as short as this makes it.
package index
