##! Hands every log line to the file at once instead of up to a second later.
##!
##! Not loaded by default, because both settings hold for all logs of this Zeek, not only for serveflow. A version that
##! does not have a setting keeps its own buffering.
##!
##! Do not use Log::set_buf(ServeFlow::LOG, F) for this: the ASCII writer then calls fsync for every line. And do not
##! let the log be a FIFO: Zeek aborts when its reader goes away.

# One write(2) a line, no fsync. Zeek 6.0 has no such setting.
@ifdef ( Log::write_buffer_size )
redef Log::write_buffer_size = 1;
@endif

# In a cluster, workers send their lines to the logger in batches first.
@ifdef ( Broker::log_batch_interval )
redef Broker::log_batch_interval = 10msec;
@endif
