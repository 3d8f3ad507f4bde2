package dev.brigade.gateway.openai;

import dev.brigade.cluster.InferenceService;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.gateway.http.Exchange;
import dev.brigade.gateway.http.Json;
import dev.brigade.gateway.http.RequestBody;
import dev.brigade.gateway.http.SseStream;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request on its way from body to answer: read and rendered on a worker, generated on the node,
 * told to the client on its event loop, where everything here runs unless it says otherwise.
 */
final class AnswerInProgress {
  /** Opening a model reads its tokenizer, some megabytes. */
  private static final long OPENING_SECONDS = 60;

  private final InferenceService node;
  private final ModelPrompts models;
  private final Clock clock;
  private final Exchange exchange;
  private final AnswerRoute.Reader reader;
  private final Runnable whenOver;
  private Optional<Answer> answer = Optional.empty();
  private boolean over;

  AnswerInProgress(
      InferenceService node,
      ModelPrompts models,
      Clock clock,
      Exchange exchange,
      AnswerRoute.Reader reader,
      Runnable whenOver) {
    this.node = node;
    this.models = models;
    this.clock = clock;
    this.exchange = exchange;
    this.reader = reader;
    this.whenOver = whenOver;
  }

  void begin() {
    exchange.whenGone(this::finish);
    RequestBody.json(exchange)
        .compose(body -> onWorker(() -> reader.read(Parameters.of(Json.object(body)))))
        .compose(this::prepare)
        .onFailure(cause -> stop(told(cause)));
  }

  private Future<Void> prepare(AnswerRequest request) {
    return Future.fromCompletionStage(models.open(request.parameters().model()), exchange.context())
        .timeout(OPENING_SECONDS, TimeUnit.SECONDS)
        .compose(model -> onWorker(() -> generations(request, model)))
        .compose(generations -> generate(request, generations));
  }

  private <T> Future<T> onWorker(Callable<T> work) {
    return over
        ? Future.failedFuture("nobody waits for it any more")
        : exchange.context().executeBlocking(work, false);
  }

  /** On a worker. */
  private List<GenerationRequest> generations(AnswerRequest request, PromptSource model)
      throws ApiError, RequestException {
    GenerationParameters parameters = request.parameters();
    long seed = parameters.seed();
    List<GenerationRequest> generations = new ArrayList<>();
    for (List<Integer> prompt : request.prompts(model)) {
      int maxTokens = parameters.answerTokens(prompt.size(), model.context());
      for (int choice = 0; choice < parameters.choices(); choice++) {
        SamplingParameters sampling = parameters.sampling(model.sampling(), seed + choice);
        generations.add(
            new GenerationRequest(
                parameters.model(),
                prompt,
                maxTokens,
                sampling,
                parameters.stop(),
                parameters.ignoreEos(),
                false,
                parameters.standby(),
                Optional.of(exchange.id())));
      }
    }
    return generations;
  }

  private Future<Void> generate(AnswerRequest request, List<GenerationRequest> generations) {
    if (over) {
      return Future.succeededFuture();
    }
    GenerationParameters parameters = request.parameters();
    AnswerShape shape = request.shape();
    String id = shape.idPrefix() + UUID.randomUUID().toString().replace("-", "");
    AnswerShape.Head head =
        new AnswerShape.Head(
            id, clock.instant().getEpochSecond(), parameters.model(), Optional.empty());
    AnswerSink sink =
        parameters.stream()
            ? new StreamedAnswer(new SseStream(exchange), shape, head, parameters.includeUsage())
            : new WholeAnswer(exchange, shape, head, generations.size());
    Answer started =
        new Answer(node, exchange, generations, parameters.choices(), sink, this::finish);
    answer = Optional.of(started);
    started.start();
    return Future.succeededFuture();
  }

  /** Ends it early, with this as the answer or at its end. */
  void stop(ApiError error) {
    if (answer.isPresent()) {
      answer.get().stop(error);
    } else if (!over) {
      finish();
      exchange.fail(error);
    }
  }

  private void finish() {
    if (!over) {
      over = true;
      whenOver.run();
    }
  }

  private ApiError told(Throwable cause) {
    if (over) {
      return ApiError.closing(); // to nobody
    }
    if (cause instanceof CompletionException && cause.getCause() != null) {
      return told(cause.getCause());
    }
    if (cause instanceof RequestException refused) {
      return ApiError.of(refused);
    }
    if (cause instanceof TimeoutException) {
      return ApiError.unavailable("the model's files could not be opened in time; try again");
    }
    return exchange.told(cause);
  }
}
