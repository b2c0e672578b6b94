package proof_test

import (
	"fmt"
	"time"

	"crieur/bot/text/proof"
)

func ExampleChecker_Check() {
	checker, err := proof.New("fr")
	if err != nil {
		panic(err)
	}
	text := "Rendez-vous mercredi 26 novembre, venez nombreu"
	when := time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)
	for _, p := range checker.Check(text, proof.Context{When: when}) {
		fmt.Println(p.Start, p.End, p.Rule, p.Fixes)
		fmt.Println(proof.Message(p, "fr"))
	}
	// Output:
	// 12 32 date-weekday [jeudi 26 novembre mercredi 25 novembre]
	// Le 26 novembre 2026 est un jeudi, pas un mercredi.
	// 40 47 spelling [nombre nombreux nombrer]
	// « nombreu » n’est pas au dictionnaire.
}

func ExampleApply() {
	checker, err := proof.New("en")
	if err != nil {
		panic(err)
	}
	text := "See you the the 2th of june !"
	fmt.Println(proof.Apply(text, checker.Check(text, proof.Context{})))
	// Output: See you the 2nd of June!
}

func ExampleChecker_Relatives() {
	checker, err := proof.New("fr")
	if err != nil {
		panic(err)
	}
	moved := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	for _, r := range checker.Relatives("Demain, on ouvre ; ce soir, on range.", moved) {
		fmt.Println(r.Start, r.End, r.Text, r.Day.Format(time.DateOnly))
	}
	// Output:
	// 0 6 Demain 2026-11-27
	// 19 26 ce soir 2026-11-26
}
