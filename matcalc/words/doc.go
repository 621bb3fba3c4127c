// Package words holds what matcalc's errors and hints say in Chinese beside
// the English that they carry, and which of the two a person reads.
//
// An error keeps its English, so that programs can rely on it; the Chinese is
// found when it is shown. Every row of the tables is the format that a text was
// made with and the Chinese for it:
//
//	{"undefined %s", "未声明 %s"}
//
// A text is matched against the formats, and the row counts that accounts for
// most of it; what stood at the verbs is put into the Chinese format, and is
// itself translated where it is a phrase that has a row ("a vector (m×1)"). Names and
// formulas are no phrases and stay as typed. A text without a row stays English;
// a test reads the source of matcalc and names every text that has none.
package words
