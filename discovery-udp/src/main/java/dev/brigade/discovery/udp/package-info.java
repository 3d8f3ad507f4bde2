/**
 * Finds nodes on the local networks: each sends small authenticated beacons by broadcast and
 * multicast, over IPv4 and IPv6, on every interface, and listens for those of others.
 */
package dev.brigade.discovery.udp;
