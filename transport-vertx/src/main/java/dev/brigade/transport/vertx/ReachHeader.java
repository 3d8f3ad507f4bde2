package dev.brigade.transport.vertx;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Supplier;
import org.jgroups.Header;
import org.jgroups.stack.IpAddress;

/**
 * Goes along with a question for members, and comes back with the answer: how the two met.
 *
 * @see CandidateDiscovery
 */
public final class ReachHeader extends Header {
  static final short ID = 1804;

  private IpAddress asked;
  private IpAddress asking;

  /** For JGroups, which fills it. */
  public ReachHeader() {}

  /**
   * @param asked where the question is sent
   * @param asking where whoever asks listens, on the network that the question goes by
   */
  ReachHeader(IpAddress asked, IpAddress asking) {
    this.asked = asked;
    this.asking = asking;
  }

  IpAddress asked() {
    return asked;
  }

  IpAddress asking() {
    return asking;
  }

  @Override
  public short getMagicId() {
    return ID;
  }

  @Override
  public Supplier<? extends Header> create() {
    return ReachHeader::new;
  }

  @Override
  public int serializedSize() {
    return asked.serializedSize() + asking.serializedSize();
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    asked.writeTo(out);
    asking.writeTo(out);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    asked = new IpAddress();
    asked.readFrom(in);
    asking = new IpAddress();
    asking.readFrom(in);
  }
}
