package split

// emoticon returns the length of the emoticon that text starts with, or 0.
func emoticon(text string) int {
	if text[0] == '<' {
		if len(text) > 1 && text[1] == '3' {
			return 2
		}
		return 0
	}
	if text[0] == '^' && len(text) > 1 && (text[1] == '^' || len(text) > 2 && text[1] == '_' && text[2] == '^') {
		return 2 + int(text[1]&1)
	}
	if text[0] != ':' && text[0] != ';' && text[0] != '=' {
		return 0
	}
	i := 1
	if i < len(text) && (text[i] == '-' || text[i] == '\'' || text[i] == 'o') {
		i++
	}
	if i >= len(text) {
		return 0
	}
	switch text[i] {
	case ')', '(', ']', '[', 'D', 'P', 'p', '/', '|', '*', 'O', '3', '@', '$', '\\':
	default:
		return 0
	}
	if text[i] == '/' && i+1 < len(text) && text[i+1] == '/' {
		return 0 // the colon of a link
	}
	letter := isPlain(text[i])
	if letter && i+1 < len(text) && isPlain(text[i+1]) {
		return 0
	}
	for i+1 < len(text) && text[i+1] == text[i] {
		i++
	}
	return i + 1
}

// mood gives the common form of emoticons that say the same.
func mood(text string) string {
	if text[0] == '<' {
		return "<3"
	}
	if text[0] == '^' {
		return "^^"
	}
	tear := len(text) > 2 && text[1] == '\''
	switch text[len(text)-1] {
	case ')', ']':
		if text[0] == ';' {
			return ";)"
		}
		return ":)"
	case 'D', '3', '*':
		return ":d"
	case 'P', 'p':
		return ":p"
	case '(', '[', '@':
		if tear {
			return ":'("
		}
		return ":("
	case '/', '\\', '|', '$':
		return ":/"
	}
	return ":o"
}
