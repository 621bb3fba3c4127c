package regress

import (
	"fmt"
	"sync/atomic"
)

// language is 0 for English, 1 for Chinese.
var language atomic.Int32

// SetLanguage chooses the language of summaries and plots: "en" or "zh".
func SetLanguage(code string) {
	switch code {
	case "en":
		language.Store(0)
	case "zh":
		language.Store(1)
	default:
		panic(fail(BadInput, "there is no language %q; there are en and zh", code))
	}
}

// code is the language that is set, as "en" or "zh".
func code() string { return [2]string{"en", "zh"}[language.Load()] }

// words holds every phrase of summaries and plots, English and Chinese.
var words = map[string][2]string{
	"ols":              {"Linear regression (least squares)", "线性回归（最小二乘）"},
	"wls":              {"Linear regression (weighted least squares)", "线性回归（加权最小二乘）"},
	"gls":              {"Linear regression (generalised least squares)", "线性回归（广义最小二乘）"},
	"ridge":            {"Ridge regression", "岭回归"},
	"logistic":         {"Logistic regression", "逻辑回归"},
	"poisson":          {"Poisson regression", "泊松回归"},
	"nls":              {"Nonlinear least squares", "非线性最小二乘"},
	"ml":               {"Maximum likelihood", "最大似然"},
	"constrained":      {"Least squares with constraints", "约束最小二乘"},
	"loss":             {"Loss", "损失"},
	"gradient":         {"Gradient", "梯度"},
	"hessian":          {"Hessian", "Hessian 矩阵"},
	"normal":           {"Normal equations", "正规方程"},
	"constraint":       {"Constraint", "约束"},
	"step":             {"Newton step", "Newton 步"},
	"estimate-of":      {"Estimate", "估计量"},
	"condition-of":     {"Condition", "条件"},
	"without":          {"Here X is without %s, which the other columns determine", "此处 X 不含 %s，它由其他列决定"},
	"covariance":       {"Covariance of the estimate", "估计量的协方差"},
	"curve":            {"Model", "模型"},
	"partial":          {"Partial derivative", "偏导数"},
	"linearised":       {"Linearised", "线性化"},
	"row-likelihood":   {"Log-likelihood of a row", "一行的对数似然"},
	"whole-likelihood": {"Log-likelihood", "对数似然"},
	"ml-condition":     {"-H is positive definite at the maximum", "在最大值处 -H 正定"},
	"at-gradient":      {"At the data and the estimate the terms of the gradient cancel to %d digits", "代入数据与估计值，梯度各项相消至 %d 位"},
	"at-covariance":    {"the covariance agrees with the fit to %d digits", "协方差与拟合结果有 %d 位相同"},
	"fit-value":        {"Fit", "拟合值"},
	"lower":            {"Lower", "下限"},
	"upper":            {"Upper", "上限"},
	"pred-lower":       {"New, lower", "新观测下限"},
	"pred-upper":       {"New, upper", "新观测上限"},
	"more-rows":        {"and %d more rows", "另有 %d 行"},
	"contours":         {"Likelihood contours: 50, 90, 95, 99 %", "似然等高线：50、90、95、99 %"},
	"formula":          {"Formula", "公式"},
	"residuals":        {"Residuals", "残差"},
	"coefficients":     {"Coefficients", "系数"},
	"term":             {"Term", "项"},
	"estimate":         {"Estimate", "估计值"},
	"se":               {"Std. error", "标准误"},
	"t":                {"t value", "t 值"},
	"z":                {"z value", "z 值"},
	"pt":               {"Pr(>|t|)", "Pr(>|t|)"},
	"pz":               {"Pr(>|z|)", "Pr(>|z|)"},
	"min":              {"Min", "最小"},
	"q1":               {"1Q", "下四分位"},
	"median":           {"Median", "中位数"},
	"q3":               {"3Q", "上四分位"},
	"max":              {"Max", "最大"},
	"codes":            {"Significance: 0 *** 0.001 ** 0.01 * 0.05 . 0.1", "显著性：0 *** 0.001 ** 0.01 * 0.05 . 0.1"},
	"rse":              {"Residual standard error: %s on %s degrees of freedom", "残差标准误：%s，自由度 %s"},
	"dropped":          {"%d rows used, %d dropped for missing values", "使用 %d 行，因缺失值舍去 %d 行"},
	"rows":             {"%d rows", "%d 行"},
	"robust":           {"Standard errors: robust to heteroscedasticity (HC%d)", "标准误：异方差稳健（HC%d）"},
	"clustered":        {"Standard errors: clustered by %s, %d groups", "标准误：按 %s 聚类，%d 组"},
	"no-warnings":      {"no warnings", "没有警告"},
	"size":             {"%d rows × %d columns", "%d 行 × %d 列"},
	"number":           {"number", "数"},
	"text":             {"text, %d levels", "文本，%d 个水平"},
	"missing":          {", %d missing", "，缺失 %d"},
	"ar1":              {"Errors: AR(1), rho = %s", "误差：AR(1)，ρ = %s"},
	"gaps":             {"rows without a value keep their place in time", "缺值的行保留其时间位置"},
	"r2":               {"R-squared: %s, adjusted: %s", "R²：%s，调整后：%s"},
	"F":                {"F-statistic: %s on %s and %s DF, p-value: %s", "F 统计量：%s，自由度 %s 和 %s，p 值：%s"},
	"ic":               {"Log-likelihood: %s, AIC: %s, BIC: %s", "对数似然：%s，AIC：%s，BIC：%s"},
	"dispersion":       {"Dispersion: %s", "离散参数：%s"},
	"null":             {"Null deviance: %s on %s degrees of freedom", "零模型偏差：%s，自由度 %s"},
	"deviance":         {"Residual deviance: %s on %s degrees of freedom", "残差偏差：%s，自由度 %s"},
	"iterations":       {"Iterations: %d", "迭代次数：%d"},
	"condition":        {"Condition number (scaled): %s", "条件数（列归一后）：%s"},
	"vif":              {"Variance inflation: %s", "方差膨胀因子：%s"},
	"ridge2":           {"Lambda: %s, effective degrees of freedom: %s, RSS: %s", "λ：%s，有效自由度：%s，RSS：%s"},
	"warning":          {"Warning", "警告"},
	"perfect":          {"The fit is exact: no residual variance.", "拟合完全精确：没有残差方差。"},
	"model":            {"Model", "模型"},
	"analysis":         {"Analysis of variance", "方差分析"},
	"analysisd":        {"Analysis of deviance", "偏差分析"},
	"resdf":            {"Res.Df", "残差自由度"},
	"rss":              {"RSS", "残差平方和"},
	"dev":              {"Resid. dev.", "残差偏差"},
	"df":               {"Df", "自由度"},
	"ss":               {"Sum of Sq", "平方和"},
	"fitted":           {"Fitted values", "拟合值"},
	"qq":               {"Normal Q-Q", "正态 Q-Q"},
	"theoretical":      {"Theoretical quantiles", "理论分位数"},
	"standardised":     {"Standardised residuals", "标准化残差"},
	"sqrtstd":          {"√|Standardised residuals|", "√|标准化残差|"},
	"scale-location":   {"Scale-location", "尺度-位置"},
	"leverage":         {"Leverage", "杠杆值"},
	"resfit":           {"Residuals against fitted", "残差与拟合值"},
	"reslev":           {"Residuals against leverage", "残差与杠杆值"},
	"cook":             {"Cook's distance %s", "库克距离 %s"},
	"lambda":           {"log10 λ", "log10 λ"},
	"path":             {"Ridge path", "岭迹"},
	"fit":              {"Fit with %d %% confidence band", "拟合与 %d%% 置信带"},
}

// word returns the phrase in the language that is set, with its arguments in
// place.
func word(key string, args ...any) string {
	phrase := words[key][language.Load()]
	if len(args) == 0 {
		return phrase
	}
	return fmt.Sprintf(phrase, args...)
}
