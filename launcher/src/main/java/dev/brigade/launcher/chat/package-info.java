/** Talks with a model: through a node's HTTP interface, or in this process. */
package dev.brigade.launcher.chat;
