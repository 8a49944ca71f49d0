/** What a flow is: its identity, its tuple, its packets and the records of it. */
package io.serveflow.flow;
