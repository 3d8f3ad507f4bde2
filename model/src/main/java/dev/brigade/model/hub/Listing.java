package dev.brigade.model.hub;

import java.util.Set;

/**
 * What is in a repository at a revision.
 *
 * @param commit which the revision is
 * @param files their names; may be anything
 */
record Listing(String commit, Set<String> files) {
  Listing {
    files = Set.copyOf(files);
    if (!RemoteFile.isPlainName(commit)) {
      throw new IllegalArgumentException("commit is '" + commit + "', expected is a git commit");
    }
  }
}
