package dev.brigade.model.hub;

import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.WeightCensus;
import dev.brigade.model.weights.WeightIndex;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A model of a hub at one commit. Its config and tokenizer are here; weights come when they are
 * asked for. Safe for use by several threads.
 */
public final class HubModel {
  private final HubId id;
  private final String commit;
  private final Optional<Listing> listing;
  private final Fetcher fetcher;

  /**
   * @param listing what the hub has; empty if it has not been asked
   */
  HubModel(HubId id, String commit, Optional<Listing> listing, Fetcher fetcher) {
    this.id = id;
    this.commit = commit;
    this.listing = listing;
    this.fetcher = fetcher;
  }

  /** As it was asked for. */
  public HubId id() {
    return id;
  }

  /** The snapshot's folder, with config and tokenizer, and whatever weights are here. */
  public Path folder() {
    return fetcher.snapshot(commit);
  }

  /**
   * What tells it from other models: its commit, which git makes of the hashes of all its files. So
   * it is the same on a node with all the weights and on one with some of them, and says what
   * another node has to fetch.
   */
  public String fingerprint() {
    return commit.matches("[0-9a-f]{8,64}") ? commit : digest(commit);
  }

  private static String digest(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /**
   * Returns when the weights of layers {@code [first, last)} are in the folder, with embedding and
   * head where they belong; fetches the files that hold them, unless they are here.
   *
   * @param decoder made from the config in the folder
   * @param progress told now and then, from the calling thread
   * @throws HubException if they are not to be had
   * @throws BadModel if the index makes no sense, or lacks one of the weights
   */
  public void fetchWeights(
      Decoder decoder, int first, int last, Consumer<Progress> progress, Cancellation cancel)
      throws HubException, BadModel {
    ensure(weightFiles(decoder, first, last), progress, cancel);
  }

  /** Names of the files that hold the weights of layers {@code [first, last)}. */
  Set<String> weightFiles(Decoder decoder, int first, int last) throws HubException, BadModel {
    Path index = folder().resolve(ModelFileNames.INDEX);
    if (listing.isPresent() && !isThere(ModelFileNames.WEIGHTS) && !Files.exists(index)) {
      throw new HubException(
          HubException.Kind.BAD_CONTENT,
          "'%s' has neither %s nor %s; weights in other formats are not read"
              .formatted(id, ModelFileNames.WEIGHTS, ModelFileNames.INDEX));
    }
    boolean isSingle = isThere(ModelFileNames.WEIGHTS) || !Files.exists(index);
    return isSingle
        ? Set.of(ModelFileNames.WEIGHTS)
        : WeightIndex.read(index).filesOf(WeightCensus.ofShard(decoder, first, last));
  }

  private boolean isThere(String name) {
    return fetcher.isHere(commit, name)
        || listing.filter(known -> known.files().contains(name)).isPresent();
  }

  /** Fetches files, unless they are here. */
  void ensure(Collection<String> names, Consumer<Progress> progress, Cancellation cancel)
      throws HubException {
    List<String> missing =
        names.stream().filter(name -> !fetcher.isHere(commit, name)).sorted().toList();
    for (String name : missing) {
      requireFetchable(name);
    }
    if (!missing.isEmpty()) {
      fetcher.fetch(commit, missing, progress, cancel);
    }
  }

  private void requireFetchable(String name) throws HubException {
    if (!ModelFileNames.isSmall(name) && !ModelFileNames.isWeights(name)) {
      throw new HubException(
          HubException.Kind.BAD_CONTENT,
          ("'%s' of %s is not a file that is fetched; expected are configs, tokenizers and "
                  + "safetensors")
              .formatted(name, id));
    }
    if (fetcher.settings().offline()) {
      throw new HubException(
          HubException.Kind.UNREACHABLE,
          ("%s of '%s' is not in %s, and the hub may not be asked (offline); fetch it once "
                  + "without HF_HUB_OFFLINE")
              .formatted(name, id, folder()));
    }
    if (listing.filter(known -> !known.files().contains(name)).isPresent()) {
      throw new HubException(
          HubException.Kind.BAD_CONTENT,
          "the index of '%s' names %s, which is not in the repository".formatted(id, name));
    }
  }
}
