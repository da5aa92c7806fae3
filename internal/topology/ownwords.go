package topology

// libraryWords are what the YAML library says where it cannot go on, and what that is in
// words of ours. What a person most likely did is found before these are needed.
var libraryWords = map[string]string{
	"block sequence entries are not allowed in this context":       "a dash where no list can begin",
	"could not find expected ':'":                                  "a key without a colon",
	"did not find expected ',' or ']'":                             "neither a comma nor ] behind an item of a list",
	"did not find expected ',' or '}'":                             "neither a comma nor } behind an entry in braces",
	"did not find expected '-' indicator":                          "an item of a list without a dash",
	"did not find expected <document start>":                       "something behind the end of the document",
	"did not find expected alphabetic or numeric character":        "a sign for an anchor or an alias without a name",
	"did not find expected comment or line break":                  "something behind the sign that begins a text of several lines",
	"did not find expected hexadecimal number":                     "a backslash in double quotes, and not as many digits behind it as there should be",
	"did not find expected key":                                    "no key with a colon where one is expected",
	"did not find expected node content":                           "no value where one is expected",
	"did not find expected tag URI":                                "a tag without a name",
	"did not find expected whitespace or line break":               "a tag with a sign that none has",
	"did not find the expected '>'":                                "a tag that is not closed",
	"found a comment without preceding whitespace":                 "a comment without a space before it",
	"found a tab character that violates indentation":              "a tab in the indentation",
	"found a tab character where an indentation space is expected": "a tab in the indentation",
	"found an indentation indicator equal to 0":                    "an indentation of 0 for a text of several lines",
	"found character that cannot start any token":                  "a character that no value begins with",
	"found invalid Unicode character escape code":                  "a backslash in double quotes, and the number of no character behind it",
	"found undefined tag handle":                                   "a tag, which means nothing here",
	"found unexpected content after document-end marker":           "something behind the mark at the end of the document",
	"found unexpected document indicator":                          "a line that begins with --- or ... within quotes",
	"found unexpected end of stream":                               "a quote that is not closed",
	"found unknown escape character":                               "a backslash in double quotes, and a character behind it that means nothing there",
	"mapping keys are not allowed in this context":                 "a question mark where no key can stand",
	"mapping values are not allowed in this context":               "a colon where no key can be before it",
}

// inOwnWords returns what the library says in words of ours.
func inOwnWords(message string) string {
	if words := libraryWords[message]; words != "" {
		return words
	}
	return "it does not go on as YAML can"
}
