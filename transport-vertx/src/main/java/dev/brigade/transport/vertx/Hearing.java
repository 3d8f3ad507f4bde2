package dev.brigade.transport.vertx;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;

/**
 * Heartbeats that also tell this node whom it does not hear. Who leaves the view is for the
 * coordinator to say, which may hear those that this node does not: a link can be broken between
 * two members that all others reach.
 */
final class Hearing extends FD_ALL3 {
  private final Consumer<Set<Address>> unheard;

  /**
   * @param unheard told, whenever it changes, who has not been heard for too long; must not block
   */
  Hearing(Consumer<Set<Address>> unheard) {
    this.unheard = unheard;
  }

  @Override
  protected void suspect(List<Address> suspects) {
    super.suspect(suspects);
    tell();
  }

  @Override
  protected boolean unsuspect(Address member) {
    boolean was = super.unsuspect(member);
    if (was) {
      tell();
    }
    return was;
  }

  @Override
  protected void handleViewChange(View view) {
    super.handleViewChange(view);
    tell();
  }

  private void tell() {
    Set<Address> now;
    synchronized (this) {
      now = Set.copyOf(suspected_mbrs);
    }
    unheard.accept(now);
  }
}
