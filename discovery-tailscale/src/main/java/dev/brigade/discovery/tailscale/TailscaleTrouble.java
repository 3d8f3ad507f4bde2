package dev.brigade.discovery.tailscale;

/** Why a source gives nothing; the message says what to do about it. */
final class TailscaleTrouble extends Exception {
  private static final long serialVersionUID = 1L;
  private final boolean certain;

  private TailscaleTrouble(String message, boolean certain) {
    super(message);
    this.certain = certain;
  }

  /** The source answers that there is no tailnet now: what was known before is void. */
  static TailscaleTrouble disconnected(String message) {
    return new TailscaleTrouble(message, true);
  }

  /** The source does not answer: what was known before may still hold. */
  static TailscaleTrouble unanswered(String message) {
    return new TailscaleTrouble(message, false);
  }

  boolean isCertain() {
    return certain;
  }
}
