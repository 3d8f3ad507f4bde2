package dev.brigade.launcher.doctor;

import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param area which part of a node it belongs to
 * @param subject what was looked at
 * @param status how it is
 * @param text what was found, one line
 * @param remedy what to do about it; empty if nothing need be done
 */
public record Finding(
    Area area, String subject, Status status, String text, Optional<String> remedy) {

  /** Parts of a node, in the order in which they are shown. */
  public enum Area {
    MACHINE,
    ENGINES,
    CONFIG,
    SECRET,
    NETWORK
  }

  /** How a thing is. */
  public enum Status {
    /** As it should be. */
    OK,
    /** Worth knowing; a node runs all the same. */
    NOTE,
    /** A node cannot run like this. */
    PROBLEM
  }

  static Finding ok(Area area, String subject, String text) {
    return new Finding(area, subject, Status.OK, text, Optional.empty());
  }

  static Finding note(Area area, String subject, String text) {
    return new Finding(area, subject, Status.NOTE, text, Optional.empty());
  }

  static Finding problem(Area area, String subject, String text, String remedy) {
    return new Finding(area, subject, Status.PROBLEM, text, Optional.of(remedy));
  }

  Finding with(String help) {
    return new Finding(area, subject, status, text, Optional.of(help));
  }
}
