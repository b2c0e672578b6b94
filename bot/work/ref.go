package work

import "hash/fnv"

// Ref is a short name of a cause that people can say and a log is searched by:
// four letters and digits that are not mistaken for each other.
func Ref(cause string) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	hash := fnv.New32a()
	hash.Write([]byte(cause))
	rest := hash.Sum32()
	ref := make([]byte, 4)
	for i := range ref {
		ref[i] = letters[rest%uint32(len(letters))]
		rest /= uint32(len(letters))
	}
	return string(ref)
}
