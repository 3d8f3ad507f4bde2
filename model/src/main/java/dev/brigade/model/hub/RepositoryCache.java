package dev.brigade.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The folder of one repository in the cache, as Hugging Face's tools lay it out: {@code
 * blobs/HASH}, {@code refs/REVISION} with a commit in it, and {@code snapshots/COMMIT/FILE}, a link
 * to a blob; locks lie beside, in {@code .locks}.
 */
final class RepositoryCache {
  private static final String PART = ".incomplete";

  private final Path cache;
  private final String folderName;

  RepositoryCache(Path cache, HubId id) {
    this.cache = cache;
    folderName = "models--" + id.repository().replace("/", "--");
  }

  /** The folder of all repositories. */
  Path cache() {
    return cache;
  }

  private Path root() {
    return cache.resolve(folderName);
  }

  Path blob(RemoteFile file) {
    return root().resolve("blobs").resolve(file.etag());
  }

  /** What there is of a blob whose download has not ended. */
  Path part(RemoteFile file) {
    return root().resolve("blobs").resolve(file.etag() + PART);
  }

  Path lock(RemoteFile file) {
    return cache.resolve(".locks").resolve(folderName).resolve(file.etag() + ".lock");
  }

  Path snapshot(String commit) {
    return root().resolve("snapshots").resolve(commit);
  }

  /** The commit that a revision is known to be; a commit is itself, if it is here. */
  Optional<String> commit(HubId id) throws HubException {
    if (id.isPinned()) {
      return Optional.of(id.revision()).filter(commit -> Files.isDirectory(snapshot(commit)));
    }
    Path ref = ref(id);
    if (!Files.isRegularFile(ref)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(ref).strip()).filter(RemoteFile::isPlainName);
    } catch (IOException e) {
      throw Disk.failure(ref, "read", e);
    }
  }

  /** Remembers which commit a revision is. */
  void remember(HubId id, String commit) throws HubException {
    if (id.isPinned() || commit(id).filter(commit::equals).isPresent()) {
      return;
    }
    Path ref = ref(id);
    try {
      Files.createDirectories(ref.getParent());
      Path fresh = Files.createTempFile(ref.getParent(), ".ref", ".tmp");
      Files.writeString(fresh, commit);
      Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Disk.failure(ref, "written", e);
    }
  }

  private Path ref(HubId id) {
    return root().resolve("refs").resolve(id.revision());
  }
}
