package dev.brigade.model.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model of a hub, as people write it: {@code org/name} or {@code org/name@revision}.
 *
 * @param repository {@code org/name}
 * @param revision branch, tag or commit
 */
public record HubId(String repository, String revision) {
  private static final String NAME = "[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?";
  private static final Pattern REPOSITORY = Pattern.compile(NAME + "/" + NAME);
  private static final Pattern REVISION =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*(?:/[A-Za-z0-9_][A-Za-z0-9._+-]*)*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern TEXT = Pattern.compile("([^@]+)(?:@(.+))?");
  private static final int MOST_CHARACTERS = 96;
  private static final String USUAL_REVISION = "main";

  public HubId {
    boolean plain = REPOSITORY.matcher(repository).matches();
    if (!plain
        || repository.contains("--")
        || repository.contains("..")
        || repository.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "repository is '" + repository + "', expected is ORG/NAME of a hub");
    }
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw new IllegalArgumentException(
          "revision is '" + revision + "', expected is a branch, a tag or a commit");
    }
  }

  /** What a text names; empty if it cannot be a model of a hub. */
  public static Optional<HubId> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      String revision = Optional.ofNullable(matcher.group(2)).orElse(USUAL_REVISION);
      return Optional.of(new HubId(matcher.group(1), revision));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The same model at another revision. */
  public HubId at(String otherRevision) {
    return new HubId(repository, otherRevision);
  }

  /** Whether the revision is a commit, which always means the same bytes. */
  boolean isPinned() {
    return COMMIT.matcher(revision).matches();
  }

  /** {@code org/name}, with the revision unless it is the usual one. */
  @Override
  public String toString() {
    return revision.equals(USUAL_REVISION) ? repository : repository + "@" + revision;
  }
}
