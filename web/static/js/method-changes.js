// Months from which on China Labour Bulletin recorded in another way. The same as in web/histogram.py.

export const METHOD_CHANGES = ["2017-01", "2020-01"];
