/** What training reports to the person who trains: progress, notices, and why it cannot go on. */
package io.serveflow.training.notice;
