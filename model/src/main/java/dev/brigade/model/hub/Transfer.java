package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches what is missing of a file. Sizes are hints, which hubs and what lies between them get
 * wrong; where there is a hash, it alone decides.
 */
final class Transfer {
  private static final System.Logger LOG = System.getLogger(Transfer.class.getName());
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final Pattern RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-[0-9]+/([0-9]{1,18}|\\*)");

  private final HubApi api;
  private final HubSettings settings;
  private final RepositoryCache cache;
  private final HubId id;
  private final String commit;
  private final RemoteFile file;
  private final PartFile part;

  /** The largest size that anybody has stated; 0 if nobody has. */
  private long stated;

  Transfer(
      HubApi api,
      HubSettings settings,
      RepositoryCache cache,
      HubId id,
      String commit,
      RemoteFile file,
      PartFile part) {
    this.api = api;
    this.settings = settings;
    this.cache = cache;
    this.id = id;
    this.commit = commit;
    this.file = file;
    this.part = part;
    stated = file.size().orElse(0);
  }

  /** How it ended. */
  enum End {
    /** As many bytes are there as were stated. */
    COMPLETE,
    /** Another number of bytes than was stated, but the right ones. */
    CHECKED,
    /** The bytes are not the file. */
    WRONG
  }

  /**
   * One request.
   *
   * @throws PassingFailure if it ended early; what came is kept
   */
  End attempt(Optional<ContentHash> hash, Cancellation cancel) throws PassingFailure, HubException {
    try {
      if (stated > 0 && part.size() > stated) {
        part.restart();
      }
      if (part.size() > 0 && isWhole()) {
        return End.COMPLETE;
      }
      long from = part.size();
      try (Reply reply = api.content(id, commit, file.name(), from, cancel)) {
        long most = begin(reply, from);
        if (!receive(reply, most, cancel)) {
          return End.WRONG;
        }
      }
      return ended(hash, cancel);
    } catch (IOException e) {
      throw Disk.failure(part.path(), "written", e);
    }
  }

  private boolean isWhole() {
    return file.size().isPresent() && part.size() == file.size().getAsLong();
  }

  /** Puts the part to where the body begins; the most bytes that the whole may have. */
  private long begin(Reply reply, long from) throws PassingFailure, HubException, IOException {
    if (reply.status() == RANGE_NOT_SATISFIABLE) {
      part.restart();
      throw new PassingFailure("the file has no byte " + from);
    }
    api.answers().require(reply, id, file.name());
    OptionalLong total = reply.number("Content-Length");
    if (reply.status() == PARTIAL) {
      Matcher range = RANGE.matcher(reply.header("Content-Range").orElse(""));
      if (!range.matches() || Long.parseLong(range.group(1)) != from) {
        part.restart();
        throw new PassingFailure("another part came than the one asked for");
      }
      String whole = range.group(2);
      total = whole.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(whole));
    } else if (from > 0) {
      // All of it comes again.
      part.restart();
    }
    stated = Math.max(stated, total.orElse(0));
    requirePossible(stated);
    return stated == 0 ? ModelFileNames.limit(file.name()) : stated;
  }

  private void requirePossible(long bytes) throws HubException {
    long limit = ModelFileNames.limit(file.name());
    if (bytes > limit) {
      throw tooLong(bytes + " bytes", limit);
    }
    Disk.requireRoom(cache.cache(), file.name() + " of " + id, bytes - part.size());
  }

  private HubException tooLong(String found, long limit) {
    return new HubException(
        HubException.Kind.BAD_CONTENT,
        "%s of %s has %s at %s; more than %d no such file has, so it is not fetched"
            .formatted(file.name(), id, found, settings.endpoint(), limit));
  }

  /** Whether no more came than was stated. */
  private boolean receive(Reply reply, long most, Cancellation cancel)
      throws PassingFailure, HubException, IOException {
    while (true) {
      Optional<List<ByteBuffer>> chunk = reply.body().next(settings.patience().stall(), cancel);
      if (chunk.isEmpty()) {
        return true;
      }
      for (ByteBuffer bytes : chunk.get()) {
        if (bytes.remaining() > most - part.size()) {
          if (most == ModelFileNames.limit(file.name())) {
            throw tooLong("no end", most);
          }
          return false;
        }
        part.append(bytes);
      }
    }
  }

  private End ended(Optional<ContentHash> hash, Cancellation cancel)
      throws PassingFailure, HubException, IOException {
    if (file.size().isEmpty() || isWhole()) {
      return End.COMPLETE;
    }
    if (hash.isPresent() && hash.get().matches(part.path(), cancel)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} of {1} has {2} bytes, not {3} as the hub states; its hash is right",
          file.name(),
          id,
          part.size(),
          file.size().getAsLong());
      return End.CHECKED;
    }
    if (part.size() > file.size().getAsLong()) {
      return End.WRONG;
    }
    throw new PassingFailure(
        "it ended after %d of %d bytes".formatted(part.size(), file.size().getAsLong()));
  }
}
