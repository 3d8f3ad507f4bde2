package dev.brigade.gateway.openai;

import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.spi.partition.Plan;

/**
 * Where an answer goes. Called on the exchange's event loop; the last call is complete or failed.
 */
interface AnswerSink {

  /** One choice has its place in memory; again when it was moved. */
  void planned(int choice, Plan plan);

  /** More text of one choice; never empty. */
  void text(int choice, String text);

  /** One choice is complete. */
  void finished(int choice, FinishReason reason);

  /** All choices are complete. */
  void complete(Tokens usage);

  /** The answer ends here, incomplete. */
  void failed(ApiError error);
}
