package dev.brigade.testkit;

import static dev.brigade.testkit.TransportMember.await;
import static dev.brigade.testkit.TransportMember.head;
import static dev.brigade.testkit.TransportMember.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.brigade.spi.Host;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.TransportException.CannotBind;
import dev.brigade.spi.transport.TransportException.DeadlineExceeded;
import dev.brigade.spi.transport.TransportException.NodeLost;
import dev.brigade.spi.transport.TransportException.Refused;
import dev.brigade.spi.transport.View;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every numbered rule of {@link Transport}. A transport's test extends this and says how one is
 * made:
 *
 * <pre>{@code
 * class MyTransportTest extends TransportContract {
 *   protected Transport transport(Host host) {
 *     return new MyTransportProvider().create(new MyConfig(...any free port...), host);
 *   }
 * }
 * }</pre>
 */
public abstract class TransportContract {
  private final List<TransportMember> members = new ArrayList<>();
  private final List<TestHost> hosts = new ArrayList<>();
  private final Set<Endpoint> everyone = ConcurrentHashMap.newKeySet();

  /** A new transport, not yet bound, that listens on loopback and on a port of its own. */
  protected abstract Transport transport(Host host);

  /** The same on another address; empty if this kind of transport has no addresses. */
  protected Optional<Transport> transportOn(String address, Host host) {
    return Optional.empty();
  }

  /**
   * Whether nodes have to be told where others are; one that need not knows them from the start.
   */
  protected boolean needsCandidates() {
    return true;
  }

  @AfterEach
  void closeAll() {
    members.forEach(TransportMember::close);
    hosts.forEach(TestHost::close);
  }

  private TestHost host(String cluster, String secret) {
    TestHost host = TestHost.builder().cluster(cluster).secret(secret).build();
    hosts.add(host);
    return host;
  }

  private TransportMember bound(String name, String cluster, String secret) {
    try {
      TransportMember member = TransportMember.bind(name, transport(host(cluster, secret)));
      members.add(member);
      everyone.add(member.endpoint());
      return member;
    } catch (TransportException e) {
      throw new AssertionError(e);
    }
  }

  private TransportMember bound(String name) {
    return bound(name, "test", "secret");
  }

  /** A member, joined by whoever is started after it. */
  private TransportMember member(String name) {
    return bound(name).start(() -> Set.copyOf(everyone));
  }

  private TransportMember[] pair() {
    TransportMember a = member("a");
    a.awaitMembers(a);
    TransportMember b = member("b");
    a.awaitMembers(a, b);
    b.awaitMembers(a, b);
    return new TransportMember[] {a, b};
  }

  private static List<NodeId> ids(View view) {
    return view.members().stream().map(NodeInfo::id).toList();
  }

  private static CompletionStage<Message> never() {
    return new CompletableFuture<>();
  }

  private static ByteBuffer bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  // Rule 1

  @Test
  void theFirstViewHasThisNode() {
    TransportMember a = member("a");

    a.awaitMembers(a);

    assertThat(ids(a.views().get(0))).contains(a.id());
    assertThat(a.views().get(0).members()).contains(a.info());
  }

  @Test
  void viewsComeOneAtATimeWithGrowingNumbers() {
    TransportMember a = member("a");
    TransportMember b = member("b");
    TransportMember c = member("c");
    a.awaitMembers(a, b, c);
    for (int i = 0; i < 20; i++) {
      b.transport().announce(b.info().withState(NodeState.values()[i % 3]));
      c.transport().announce(c.info().withState(NodeState.values()[i % 3]));
    }
    c.close();

    a.awaitMembers(a, b);

    assertThat(a.overlapped()).isFalse();
    List<Long> numbers = a.views().stream().map(View::number).toList();
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void anAnnouncementShowsInTheViewOfAll() {
    TransportMember[] pair = pair();
    NodeInfo draining = pair[1].info().withState(NodeState.DRAINING);

    pair[1].transport().announce(draining);

    for (TransportMember member : pair) {
      member.awaitView(
          "b draining", view -> view.member(draining.id()).equals(Optional.of(draining)));
    }
  }

  @Test
  void nodesThatStartAtOnceBecomeOneClusterAmongUnreachableCandidates() {
    everyone.add(new Endpoint("127.0.0.1", 1));
    everyone.add(new Endpoint("no-such-host.invalid", 52416));
    List<TransportMember> all = IntStream.range(0, 3).mapToObj(i -> bound("n" + i)).toList();

    all.parallelStream().forEach(member -> member.start(() -> Set.copyOf(everyone)));

    TransportMember[] array = all.toArray(TransportMember[]::new);
    all.forEach(member -> member.awaitMembers(array));
  }

  @Test
  void nodesThatLearnOfEachOtherLateBecomeOneCluster() {
    Set<Endpoint> known = ConcurrentHashMap.newKeySet();
    TransportMember a = bound("a").start(() -> Set.copyOf(known));
    TransportMember b = bound("b").start(Set::of);
    if (!needsCandidates()) {
      a.awaitMembers(a, b);
      return;
    }
    a.awaitMembers(a);
    b.awaitMembers(b);

    known.add(b.endpoint());

    a.awaitMembers(a, b);
    b.awaitMembers(a, b);
  }

  @Test
  void twoClustersBecomeOneThroughASingleCandidate() throws Exception {
    assumeThat(needsCandidates()).as("this transport needs candidates").isTrue();
    Set<Endpoint> bridge = ConcurrentHashMap.newKeySet();
    TransportMember a = bound("a").start(Set::of);
    TransportMember b = bound("b").start(() -> Set.of(a.endpoint()));
    TransportMember c = bound("c").start(Set::of);
    TransportMember d =
        bound("d")
            .start(
                () ->
                    Stream.concat(bridge.stream(), Stream.of(c.endpoint()))
                        .collect(Collectors.toSet()));
    a.awaitMembers(a, b);
    d.awaitMembers(c, d);

    bridge.add(b.endpoint());

    List<TransportMember> all = List.of(a, b, c, d);
    all.forEach(member -> member.awaitMembers(a, b, c, d));
    for (TransportMember from : all) {
      for (TransportMember to : all) {
        assertThat(head(from.ask(to, message(Lane.CONTROL, "hello")))).isEqualTo("hello");
      }
    }
  }

  // Rule 2

  @Test
  void membersOfOneViewAreInTheSameOrderEverywhere() {
    TransportMember a = member("a");
    TransportMember b = member("b");
    TransportMember c = member("c");
    TransportMember d = member("d");

    List<NodeId> order = ids(a.awaitMembers(a, b, c, d));

    for (TransportMember member : List.of(b, c, d)) {
      assertThat(ids(member.awaitMembers(a, b, c, d))).isEqualTo(order);
    }
  }

  // Rule 3

  @Test
  void messagesOfALaneArriveInOrderAndOnce() throws Exception {
    TransportMember[] pair = pair();
    ConcurrentLinkedQueue<String> arrived = new ConcurrentLinkedQueue<>();
    pair[1].answer(
        (from, message) -> {
          arrived.add(message.lane() + head(message));
          return CompletableFuture.completedFuture(message(message.lane(), "ok"));
        });
    List<CompletionStage<Message>> answers = new ArrayList<>();

    for (int i = 0; i < 200; i++) {
      for (Lane lane : Lane.values()) {
        Message message = message(lane, "" + i, bytes(i % 10 == 0 ? 300_000 : 100, i));
        answers.add(pair[0].transport().send(pair[1].id(), message, TransportMember.PATIENCE));
      }
    }

    for (CompletionStage<Message> answer : answers) {
      await(answer);
    }
    for (Lane lane : Lane.values()) {
      assertThat(arrived.stream().filter(text -> text.startsWith(lane.name())))
          .containsExactlyElementsOf(
              IntStream.range(0, 200).mapToObj(i -> lane.name() + i).toList());
    }
  }

  @Test
  void decodingDoesNotWaitForBulk() throws Exception {
    TransportMember[] pair = pair();
    CompletableFuture<Message> gate = new CompletableFuture<>();
    pair[1].answer(
        (from, message) ->
            message.lane() == Lane.BULK ? gate : CompletableFuture.completedFuture(message));
    List<CompletionStage<Message>> bulk = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Message megabyte = message(Lane.BULK, "bulk", bytes(1 << 20, i));
      bulk.add(pair[0].transport().send(pair[1].id(), megabyte, TransportMember.PATIENCE));
    }

    assertThat(head(pair[0].ask(pair[1], message(Lane.DECODE, "step")))).isEqualTo("step");

    gate.complete(message(Lane.BULK, "taken"));
    for (CompletionStage<Message> answer : bulk) {
      assertThat(head(await(answer))).isEqualTo("taken");
    }
  }

  // Rule 4

  @Test
  void aSendCompletesWithTheAnswer() throws Exception {
    TransportMember[] pair = pair();
    ByteBuffer large = bytes(8 << 20, 1);
    ByteBuffer direct = ByteBuffer.allocateDirect(700_001).put(bytes(700_001, 2)).flip();
    ByteBuffer inner = bytes(5000, 3).position(1000).limit(1003).asReadOnlyBuffer();
    Message message = message(Lane.BULK, "head", large, direct, ByteBuffer.allocate(0), inner);

    Message answer = pair[0].ask(pair[1], message);

    assertThat(answer.kind()).isEqualTo("test");
    assertThat(answer.lane()).isEqualTo(Lane.BULK);
    assertThat(head(answer)).isEqualTo("head");
    assertThat(answer.body()).isEqualTo(message.body());
    assertThat(answer.body().get(3).position()).isZero();
    assertThat(inner.position()).isEqualTo(1000);
    assertThat(large.position()).isZero();
  }

  @Test
  void aNodeMaySendToItself() throws Exception {
    TransportMember a = member("a");
    a.awaitMembers(a);
    Message message = message(Lane.BULK, "self", bytes(3 << 20, 1));

    assertThat(a.ask(a, message).body()).isEqualTo(message.body());
  }

  @Test
  void aSendWithoutAnswerEndsAtItsDeadline() {
    TransportMember[] pair = pair();
    pair[1].answer((from, message) -> never());

    CompletionStage<Message> answer =
        pair[0].transport().send(pair[1].id(), message(Lane.CONTROL, ""), Duration.ofMillis(50));

    assertThatThrownBy(() -> await(answer)).isInstanceOf(DeadlineExceeded.class);
  }

  @Test
  void aSendToNobodyIsLost() {
    TransportMember a = member("a");
    a.awaitMembers(a);
    NodeId nobody = new NodeId("nobody");

    assertThatThrownBy(
            () ->
                await(
                    a.transport()
                        .send(nobody, message(Lane.CONTROL, ""), TransportMember.PATIENCE)))
        .isInstanceOfSatisfying(NodeLost.class, lost -> assertThat(lost.node()).isEqualTo(nobody));
  }

  @Test
  void aSendToANodeThatLeavesIsLost() {
    TransportMember[] pair = pair();
    pair[1].answer((from, message) -> never());
    CompletionStage<Message> answer =
        pair[0].transport().send(pair[1].id(), message(Lane.DECODE, ""), TransportMember.PATIENCE);

    pair[1].close();

    assertThatThrownBy(() -> await(answer)).isInstanceOf(NodeLost.class);
  }

  @Test
  void aRefusalTellsWhyAndAFailureDoesNoHarm() throws Exception {
    TransportMember[] pair = pair();
    pair[1].answer(
        (from, message) ->
            switch (head(message)) {
              case "refuse" -> CompletableFuture.failedFuture(new Refused("no memory"));
              case "fail" -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
              case "throw" -> throw new IllegalStateException("thrown");
              case "null" -> null;
              default -> CompletableFuture.completedFuture(message);
            });

    assertThatThrownBy(() -> pair[0].ask(pair[1], message(Lane.CONTROL, "refuse")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("no memory");
    for (String bad : List.of("fail", "throw", "null")) {
      assertThatThrownBy(() -> pair[0].ask(pair[1], message(Lane.CONTROL, bad)))
          .isInstanceOf(Refused.class);
    }
    assertThat(head(pair[0].ask(pair[1], message(Lane.CONTROL, "well")))).isEqualTo("well");
  }

  // Rule 5

  @Test
  void whatIsInFlightToANodeIsBounded() throws Exception {
    TransportMember[] pair = pair();
    CompletableFuture<Message> gate = new CompletableFuture<>();
    pair[1].answer((from, message) -> gate);
    ByteBuffer body = bytes(1000, 1);
    List<CompletionStage<Message>> sends = new ArrayList<>();

    CompletionStage<Message> last;
    do {
      Message message = message(Lane.DECODE, "", body.duplicate());
      last = pair[0].transport().send(pair[1].id(), message, TransportMember.PATIENCE);
      sends.add(last);
    } while (!last.toCompletableFuture().isDone() && sends.size() < 1_000_000);

    assertThatThrownBy(() -> await(sends.get(sends.size() - 1))).isInstanceOf(Refused.class);
    gate.complete(message(Lane.DECODE, "late"));
    for (CompletionStage<Message> send : sends.subList(0, sends.size() - 1)) {
      await(send);
    }
    assertThat(head(pair[0].ask(pair[1], message(Lane.DECODE, "")))).isEqualTo("late");
  }

  // Rule 6

  @Test
  void theListenerIsCalledOnTheTransportsThreads() throws Exception {
    TransportMember[] pair = pair();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    pair[1].answer(
        (from, message) -> {
          threads.add(Thread.currentThread());
          return CompletableFuture.completedFuture(message);
        });

    pair[0].ask(pair[1], message(Lane.DECODE, ""));

    assertThat(threads).isNotEmpty().doesNotContain(Thread.currentThread());
  }

  // Rule 7

  @Test
  void onlyMembersOfTheSameClusterWithTheSameSecretMeet() {
    List<TransportMember> rightful = new ArrayList<>();
    List<TransportMember> otherSecret = new ArrayList<>();
    List<TransportMember> otherCluster = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      rightful.add(bound("right" + i, "test", "secret"));
      otherSecret.add(bound("secret" + i, "test", "other secret"));
      otherCluster.add(bound("cluster" + i, "other", "secret"));
    }

    members.forEach(member -> member.start(() -> Set.copyOf(everyone)));

    for (List<TransportMember> cluster : List.of(rightful, otherSecret, otherCluster)) {
      cluster.forEach(m -> m.awaitMembers(cluster.toArray(TransportMember[]::new)));
    }
    // A node that joins now has asked everyone; whoever would let strangers in has done so.
    TransportMember late = bound("late", "test", "secret").start(() -> Set.copyOf(everyone));
    late.awaitMembers(rightful.get(0), rightful.get(1), late);
    for (List<TransportMember> cluster : List.of(otherSecret, otherCluster)) {
      Set<NodeId> own = new HashSet<>(cluster.stream().map(TransportMember::id).toList());
      for (TransportMember member : cluster) {
        assertThat(member.views()).allSatisfy(view -> assertThat(own).containsAll(ids(view)));
      }
    }
  }

  @Test
  void withoutASecretOnlyLoopbackIsBound() {
    try (TestHost open = TestHost.create()) {
      Optional<Transport> anywhere = transportOn("0.0.0.0", open);
      assumeThat(anywhere).as("this transport has addresses").isPresent();

      try (Transport transport = anywhere.get()) {
        assertThatThrownBy(transport::bind).isInstanceOf(CannotBind.class);
      }
    }
  }

  // Rule 8

  @Test
  void closingTellsTheOthersAndMayBeRepeated() {
    TransportMember[] pair = pair();

    pair[1].close();

    pair[0].awaitMembers(pair[0]);
    assertThatCode(pair[1]::close).doesNotThrowAnyException();
  }

  @Test
  void closingEndsOpenSendsAndRefusesNewOnes() {
    TransportMember[] pair = pair();
    pair[1].answer((from, message) -> never());
    Message message = message(Lane.CONTROL, "");
    CompletionStage<Message> open =
        pair[0].transport().send(pair[1].id(), message, TransportMember.PATIENCE);

    pair[0].close();

    for (CompletionStage<Message> send :
        List.of(open, pair[0].transport().send(pair[1].id(), message, TransportMember.PATIENCE))) {
      assertThatThrownBy(() -> await(send)).isInstanceOfAny(Refused.class, NodeLost.class);
    }
  }

  @Test
  void aTransportThatNeverStartedMayBeClosed() throws Exception {
    Transport unbound = transport(host("test", "secret"));
    Transport bound = transport(host("test", "secret"));
    bound.bind();

    assertThatCode(unbound::close).doesNotThrowAnyException();
    assertThatCode(bound::close).doesNotThrowAnyException();
  }
}
