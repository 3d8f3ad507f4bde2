/** What {@code brigade plan} plans with, and how it shows what comes of it. */
package dev.brigade.launcher.plan;
