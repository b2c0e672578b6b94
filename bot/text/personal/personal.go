// Package personal finds what identifies somebody in a text: a phone number, an
// e-mail address, a bank account. It serves messages that are shown to many, and
// texts that are kept for use.
//
// It does not know whose they are: a shop's own number is one too. A postal
// address or a name is not found: too many texts have some.
package personal

import "regexp"

var (
	phone = regexp.MustCompile(`(?:\+33|\b0)\s?[1-9](?:[\s.-]?\d{2}){4}\b`)
	email = regexp.MustCompile(`\b[\w.+-]+@[\w-]+\.[a-zA-Z]{2,}\b`)
	iban  = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b`)
)

// covered stands where something was.
const covered = "▮▮▮"

// In says whether there is any of it in a text.
func In(text string) bool {
	return phone.MatchString(text) || email.MatchString(text) || iban.MatchString(text)
}

// Cover is the text without it.
func Cover(text string) string {
	for _, pattern := range []*regexp.Regexp{iban, email, phone} { // part of an account looks like a number
		text = pattern.ReplaceAllString(text, covered)
	}
	return text
}
