package app

// For tests from outside: what Serve wires by itself.
var ChannelsOf = channelsOf
