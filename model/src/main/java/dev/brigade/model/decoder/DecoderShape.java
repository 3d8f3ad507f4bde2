package dev.brigade.model.decoder;

/**
 * The sizes of a decoder.
 *
 * @param layers number of layers
 * @param width elements of a hidden state
 * @param vocabulary elements of a row of logits
 * @param contextLimit most positions that it was made for
 */
public record DecoderShape(int layers, int width, int vocabulary, int contextLimit) {
  public DecoderShape {
    if (layers < 1 || width < 1 || vocabulary < 1 || contextLimit < 1) {
      throw new IllegalArgumentException(
          "decoder of %d layers, width %d, vocabulary %d, context %d: all must be positive"
              .formatted(layers, width, vocabulary, contextLimit));
    }
  }
}
