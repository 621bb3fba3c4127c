package regress

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// Answer returns the fit as the batch interface writes it: a map to encode as
// one line of JSON.
func (m *Model) Answer() map[string]any {
	out := map[string]any{
		"task": string(m.Kind), "terms": m.Terms, "coef": numbers(m.Coef), "se": numbers(m.SE),
		"rank": m.Rank, "aliased": nonNil(m.Aliased), "converged": m.Converged,
		"n_used": m.N, "n_dropped": m.Dropped, "warnings": nonNil(m.Warnings),
		"condition": number(m.Condition), "df_residual": number(m.DFResidual),
	}
	if m.Kind == KindRidge {
		delete(out, "se")
		out["df_effective"], out["rss"] = number(m.DFEffective), number(m.RSS)
		delete(out, "df_residual")
		return out
	}
	out["stat"], out["p"] = numbers(m.Stat), numbers(m.P)
	out["aic"], out["bic"], out["loglik"] = number(m.AIC), number(m.BIC), number(m.LogLik)
	if m.Cov != nil {
		cov := make([][]json.RawMessage, len(m.Cov))
		for i := range cov {
			cov[i] = numbers(m.Cov[i])
		}
		out["cov"] = cov
	}
	switch m.Kind {
	case KindLogistic, KindPoisson:
		out["deviance"], out["null_deviance"] = number(m.Deviance), number(m.NullDeviance)
		out["df_null"], out["dispersion"], out["iterations"] = number(m.DFNull), number(m.Dispersion), m.Iterations
		if m.qr != nil && m.Cov != nil {
			m.answerDiagnostics(out)
		}
		return out
	case KindNLS:
		out["iterations"] = m.Iterations
		out["rss"], out["residual_sd"] = number(m.RSS), number(m.ResidualSD)
		return out
	}
	out["rss"], out["residual_sd"] = number(m.RSS), number(m.ResidualSD)
	out["r_squared"], out["adj_r_squared"] = number(m.RSquared), number(m.AdjR2)
	out["F"], out["F_p"], out["F_df"] = number(m.F), number(m.FP), numbers(m.FDF[:])
	m.answerDiagnostics(out)
	return out
}

func (m *Model) answerDiagnostics(out map[string]any) {
	out["leverage"], out["cooks"], out["rstudent"] = numbers(m.Leverage()), numbers(m.Cooks()), numbers(m.RStudent())
	for kind := range 4 {
		out[fmt.Sprintf("se_HC%d", kind)] = numbers(m.RobustSE(kind))
	}
}

// AnswerError returns an error as the batch interface writes it.
func AnswerError(err error) map[string]any {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Class: BadInput, Message: err.Error()}
	}
	out := map[string]any{"error": e}
	if e.Warnings != nil {
		out["warnings"] = e.Warnings
	}
	return out
}

// nonNil makes an empty list encode as [] rather than null.
func nonNil[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}
