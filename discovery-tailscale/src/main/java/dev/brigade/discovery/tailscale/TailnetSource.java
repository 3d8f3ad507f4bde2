package dev.brigade.discovery.tailscale;

/** Where knowledge of the tailnet comes from. Blocks, but not beyond a deadline of its own. */
@FunctionalInterface
interface TailnetSource {

  /** What is known now. */
  Tailnet ask() throws TailscaleTrouble, InterruptedException;
}
