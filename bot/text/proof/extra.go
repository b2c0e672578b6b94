package proof

// frenchExtra are right words that the dictionary lacks: what community teams
// write every day, and abbreviations.
var frenchExtra = setOf(`mail mails mailing mailings email emails e-mail e-mails post posts poster story stories reel reels live lives
	replay replays hashtag hashtags follower followers following like likes liker feed feeds insta facebook feedback
	feedbacks sav mdr ptdr lol dm mp rdv giveaway visio visios teasing influenceur influenceuse influenceurs
	influenceuses tiktok tiktokeur tiktokeuse youtubeur youtubeuse youtubeurs youtubeuses community manager managers
	instagrammeur instagrammeuse instagrammable coworking crowdfunding newsletter newsletters covid
	startup startups iel iels celleux toustes autrice autrices appli applis asso assos resto restos actu actus info infos promo promos
	tuto tutos ado ados apéro apéros ciné conf confs préco précos dispo dispos perso photo pro pros sympa sympas hyper
	mn min sec hab env tél vol éd pp ex cf av apr nb etc vs qqch qqn svp stp bcp tjs pr rt tv ok ouais coucou wesh
	waouh wow miam youpi oups hey hello yes yeah cool top must fun bio webmaster webmasters vegan veggie burger burgers brunch brunchs
	streaming stream streamer streameur podcasteur podcasteuse podcasts vlog vlogs unboxing haul swipe swiper scroller
	pass screenshot screenshots gif gifs mème mèmes emoji emojis smiley smileys buzz spoiler spoil
	teaser teasers trailer trailers chatbot chatbots wifi bluetooth smartphone smartphones webinaire webinaires
	webinar webinars workshop workshops meetup meetups hackathon hackathons afterwork afterworks networking
	cashback drive ecommerce éco màj maj best of and by you my the love for with`)

// englishExtra is frenchExtra for English.
var englishExtra = setOf(`hashtag hashtags emoji emojis podcast podcasts webinar webinars livestream livestreams influencer
	influencers retweet retweets tweet tweets selfie selfies vlog vlogs app apps unboxing giveaway giveaways lol omg dm
	dms rt tv ok etc wifi covid coworking crowdfunding startup startups meetup meetups hackathon hackathons smartphone
	smartphones online offline newsletter newsletters chatbot chatbots meme memes gif gifs reel reels tiktok insta
	onboarding ecommerce website websites username usernames login logins blog blogs blogger bloggers vegan vegans
	barista baristas gluten preorder preorders presale workflow workflows teaser teasers spoiler spoilers don isn aren
	wasn weren hasn haven hadn doesn didn won wouldn couldn shouldn mustn ll ve re`)
