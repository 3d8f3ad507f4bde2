/**
 * Candidates from a Tailscale network: peers that the local daemon (or the control plane's API)
 * knows to be online, and on which Brigade's port is open.
 */
package dev.brigade.discovery.tailscale;
