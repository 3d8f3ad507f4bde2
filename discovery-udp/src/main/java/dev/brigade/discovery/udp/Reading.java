package dev.brigade.discovery.udp;

/** What a datagram turned out to be. */
sealed interface Reading {

  /** A beacon, which {@code trust} says whether to believe. */
  record Heard(Beacon beacon, Seal.Trust trust) implements Reading {}

  /** A beacon whose layout this version does not know. */
  record OtherLayout(int version) implements Reading {}

  /** Something else. */
  record Malformed(String why) implements Reading {}
}
