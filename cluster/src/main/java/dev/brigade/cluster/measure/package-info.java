/** What a node measures of itself and its links, for plans to be made with. */
package dev.brigade.cluster.measure;
