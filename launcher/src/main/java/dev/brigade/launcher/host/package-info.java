/** What this machine lends to a node: folders, time, the secret, memory. */
package dev.brigade.launcher.host;
