package dev.brigade.cluster.observe;

/**
 * What a node has to do now.
 *
 * @param memoryBudgetBytes what it may use
 * @param memoryReservedBytes what shards and sequences have been promised
 * @param sequences requests that have a sequence open here, whoever is their entry
 * @param waitingSteps steps that wait for their turn
 * @param requests requests of this node's own clients
 */
public record NodeLoad(
    long memoryBudgetBytes,
    long memoryReservedBytes,
    int sequences,
    int waitingSteps,
    int requests) {}
