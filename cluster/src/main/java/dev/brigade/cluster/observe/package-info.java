/** What happens in a node, told to whoever watches: operators, metrics, tests. */
package dev.brigade.cluster.observe;
