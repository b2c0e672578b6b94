package proof

import "testing"

func TestDoubtfulDates(t *testing.T) {
	run1(t, "en", Context{When: tuesday}, []sample{
		{"32 may be enough, 45 March hares", ""},
		{"32 November", "date-impossible[32 November]"},
		{"Thursday 11/26, Friday 12/11, Friday 11/12", ""},
		{"Sunday 11/12", "date-weekday[Sunday 11/12]"},
		{"November 26:30, November 26.5", ""},
		{"Friday 27, Thursday 26!", ""},
		{"Friday 26, we open", "date-weekday[Friday 26]→Thursday 26|Friday 27"},
		{"in 2 days: 26 November, 2 days left, 3 days to go", "date-countdown[3]→2"},
		{"until 20 November", "date-past[20 November]"},
		{"today, Tuesday; tomorrow (Thursday)", "date-relative[tomorrow (Thursday]→tomorrow (Wednesday"},
		{"12345678901234567890 November 99999999999999999999", ""},
	})
	run1(t, "fr", Context{When: tuesday}, []sample{
		{"le 40 mai 40, le 40 avril", "date-impossible[40 avril]"},
		{"26/11/2026/3, version 31.02.2026.1, 1/32/2026", "date-impossible[1/32/2026]"},
		{"lundi 31, mardi 31", "date-weekday[lundi 31]→jeudi 31|lundi 28 ; date-weekday[mardi 31]→jeudi 31|mardi 29"},
		{"J-4000 avant le 26 novembre, J+2", ""},
		{"J-3 : entre le 26 novembre et le 30 novembre", "space-before[ :]→~:"},
		{"J-2 avant le 20 novembre", "date-countdown[J-2] ; date-past[20 novembre]"},
	})
}

func TestBlanksInCorners(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"Prix : 10~$, 5~£, k€, 3~M€, €uro", "space-before[ :]→~:"},
		{"Rendez-vous 10:30, C:\\temp, a://b, ::, fr:Paris", ""},
		{"Il a dit (oui !) et [non ?]", "space-before[ !]→~! ; space-before[ ?]→~?"},
		{"Hein ??? Quoi !!", "space-before[ ?]→~? ; space-before[ !]→~!"},
		{"#fête! @marie? :)", ""},
		{"3,5~% ; (5~%) ; 5~%.", "space-before[ ;]→~; ; space-before[ ;]→~;"},
		{"« » et «»", "space-after-quote[« ]→«~"},
		{"(a ) et a ) puis : )", "space-extra[ )]→) ; space-before[ :]→~:"},
		{"Voir p. 3 , puis 4 .5", "space-extra[ ,]→,"},
		{"un  - deux |  trois", ""},
		{"Sr. Dupont.Martin, M.Dupont", ""},
	})
}

func TestFiguresInCorners(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"À 18h75, 25h00, 180h, 24h30, 4h2, 8h-9h", "hour[24h30]→24~h~30 ; hour[8h]→8~h ; hour[9h]→9~h"},
		{"de 14h 15h30", "hour[14h]→14~h ; hour[15h30]→15~h~30"},
		{"18 h 30 et 18 H", "hour[18 h 30]→18~h~30"},
		{"1ème, 2ère, 21ème, 100èmes, Ième, CDème", "ordinal[21ème]→21e ; ordinal[100èmes]→100es ; ordinal[Ième]→Ie"},
		{"1.500 euros, 1.50, 1.500.00, 10.000.000.000", "thousands[1.500]→1~500"},
		{"0 500 euros, 1234 567 euros, 12 345 678 habitants", "thousands[12 345 678]→12~345~678"},
		{"12345€, 12345, 012345 euros", "thousands[12345]→12~345 ; space-before[€]→~€"},
		{"3 m², 3 m, 200 m/s, 20°C, 20 °C, 5kg", "unit[3 m]→3~m ; unit[200 m]→200~m ; unit[20 °]→20~° ; unit[5kg]→5~kg"},
		{"€ 12, €12.50, 3 €12", "currency[€12.50]→12,50~€"},
		{"T-10km, a10km, 1,5km", "unit[5km]→5~km"},
	})
}

func TestHyphensInCorners(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"Viens y, allons y tous, profitez en, profitez en famille", "hyphen[Viens y]→Viens-y ; hyphen[profitez en]→profitez-en"},
		{"Parlez en à vos amis. Prenez le. Prenez le bus. Prenez les avec vous.", "hyphen[Prenez le]→Prenez-le ; hyphen[Prenez les]→Prenez-les"},
		{"Assez nous attendre. Chez vous. Nez le premier.", ""},
		{"Dites leur que oui. Dis lui. Laisse toi faire. Viens toi aussi.", "hyphen[Dites leur]→Dites-leur ; hyphen[Dis lui]→Dis-lui ; hyphen[Laisse toi]→Laisse-toi"},
		{"Où allez vous ? Qui sont ils ? Que dois je faire ? Comment fait elle ?", "hyphen[allez vous]→allez-vous ; space-before[ ?]→~? ; hyphen[sont ils]→sont-ils ; space-before[ ?]→~? ; hyphen[dois je]→dois-je ; space-before[ ?]→~? ; hyphen[fait elle]→fait-elle ; space-before[ ?]→~?"},
		{"Je crois que souvent ils viennent. Que même elle parte.", ""},
		{"Quels projets avez vous ? Vous voulez vous inscrire ?", "hyphen[avez vous]→avez-vous ; space-before[ ?]→~? ; space-before[ ?]→~?"},
		{"N’était ce pas, n’est ce pas, qu’est ce que", "hyphen[était ce]→était-ce ; hyphen[est ce pas]→est-ce pas ; hyphen[est ce]→est-ce"},
		{"Quatre vingt dix neuf, soixante dix, cent deux, vingt et une", "hyphen[Quatre vingt dix]→Quatre-vingt-dix ; hyphen[soixante dix]→soixante-dix"},
		{"Paul Martin, Jean Paul, le Sud Ouest, la Côte d’Ivoire", "hyphen[Jean Paul]→Jean-Paul"},
		{"contre−attaque, contre–attaque, Paris–Brest", "hyphen[−]→- ; hyphen[–]→-"},
		{"—Bonjour\n– Bonsoir", "dash[—]→—~"},
	})
}

func TestSpellingInCorners(t *testing.T) {
	run1(t, "fr", Context{}, []sample{
		{"jai vu quil daccord lactivité", "spelling[jai]→j’ai|jais|jam ; spelling[quil]→qu’il|quel|qui ; spelling[daccord]→d’accord|raccord|accord ; spelling[lactivité]→l’activité|activité"},
		{"anti-mythe, éco-citoyen, z’avez, p’tit, aujourd’hui", ""},
		{"l’OEuvre, un oeil, coeurs, moelle", "ligature[oeil]→œil ; ligature[coeurs]→cœurs"},
		{"Etre, Etienne, Elise, EDF, École", "capital-accent[Etre]→Être"},
		{"p*tain, m3rci, a_b, c/d, x=zqz, zqz%", ""},
		{"reﬂet ou haha", ""},
	})
}

func TestStyleInCorners(t *testing.T) {
	run1(t, "fr", Context{Brand: NewWords([]string{"bonjourtoutlemonde", "orange", "adidas"})}, []sample{
		{"#bonjourtoutlemonde #petit #un_tres_long_mot_dièse #longmotdièsesansmajuscule", "hashtag-capitals[#longmotdièsesansmajuscule]"},
		{"Orange, orange, ADIDAS, Adidas. Adidas", "brand-casing[Adidas]→adidas"},
		{"Tu m’as dit «~vous~» hier, ton ami, votre rendez-vous", "mixed-address[votre]"},
		{"Ⓕⓤⓝ ＦＵＮ 𝐀 1 𝐁", "fake-letters[Ⓕⓤⓝ ＦＵＮ 𝐀 1 𝐁]→Fun FUN A 1 B"},
	})
}

// TestLongTextInAnotherLanguage holds that an unknown language costs little and
// is not spelt out word by word.
func TestLongTextInAnotherLanguage(t *testing.T) {
	text := ""
	for range 300 {
		text += "het weer wordt morgen mooier dan gisteren "
	}
	unknown := 0
	for _, p := range checker(t, "fr").Check(text, Context{}) {
		if p.Rule == "spelling" {
			unknown++
		}
	}
	if unknown > maxUnknown {
		t.Errorf("%d words reported", unknown)
	}
}
