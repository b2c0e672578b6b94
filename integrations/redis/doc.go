// Package redis keeps everything in Redis: records, indexes, lanes, due times,
// the outbox and the trail. It implements state.Store, work.Queue and
// outbox.Store; it knows no feature and no meaning of any record.
//
// All keys of a space carry its hash tag, so that one script may touch them on
// a Cluster:
//
//	key                       type    holds                                   kept
//	cr:{space}:r:<kind>/<id>  hash    record: v revision, d data              as the record says
//	cr:{space}:x:<index>      zset    index: member by score                  a day more than its record
//	cr:{space}:c:<cause>      string  "<seq>:<result>" of a cause done        work.Remember
//	cr:{space}:seen:<key>     string  an event that was accepted              24 h
//	cr:{space}:seq            string  number of the last change: a commit,    for ever
//	                                  an accepted item
//	cr:{space}:gap            string  ms until when public effects may have   for ever
//	                                  left that Redis forgot: see witness.go
//	cr:{space}:due            zset    due key by time in ms                   until due
//	cr:{space}:dueitems       hash    due key to "<lane>|<item>"              until due
//	cr:{space}:in:<n>         stream  what happened: i item; group g          until handled
//	cr:{space}:out:<n>        stream  what is to be done: i item; group g     until done
//	cr:{space}:e:<effect>     hash    effect: s status, d effect, a armed at  30 days after its end
//	                                  in ms, r receipt, g gap looked after,
//	                                  c call that armed it
//	cr:{space}:f:<sha256>     string  bytes of a picture of a post            400 days
//	cr:{space}:lease:<lane>   string  who holds the lane                      work.LeaseFor
//	cr:{space}:audit          stream  trail that waits: s seq, e entry        until sealed, a second
//	cr:{space}:chain          stream  trail, sealed: l link, h its hash;      for ever: it is the proof
//	                                  the ID is <number>-0
//	cr:{space}:salts          hash    person to the salt of their digest      until forgotten
//	cr:{space}:lease:seal     string  who seals                               work.LeaseFor
//	cr:{space}:sessions       set     IDs of sessions with a chat application until dropped
//	cr:{space}:session:<id>   string  what the session is resumed with        10 minutes
//	cr:{space}:lease:session:<id> string who goes on with the session         as its owner says
//	cr:{space}:restoring      string  an import has not ended                 until it has
//
// A record's revision is the number of the commit that wrote it, so a record
// that was deleted and made again never has an old revision twice.
//
// The scripts are in script/, each with its KEYS, ARGV and result. They stay
// within Redis 7.0 and within what the embedded server understands; cjson is
// the only library used.
package redis
