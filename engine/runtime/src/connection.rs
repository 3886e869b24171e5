//! The life of one connection: receive, ask the service, send, and close as it says.

use std::{
    io,
    net::SocketAddr,
    os::fd::{AsRawFd, RawFd},
    rc::Rc,
    time::Duration,
};

use monoio::{
    buf::{IoBuf, IoBufMut},
    io::{AsyncReadRent, AsyncWriteRent, CancelableAsyncReadRent},
    net::TcpStream,
};

use crate::{
    layer::Layer,
    limits::{CLOSE_DRAIN_BYTES, READ_BUFFER, ROUNDS_BEFORE_YIELD},
    pace::Pace,
    service::{Next, Wait},
    socket,
    sweeper::{Phase, is_over},
    worker::Worker,
};

/// Serves one admitted connection until it is closed.
pub(crate) async fn serve<S: Layer>(worker: Rc<Worker<S>>, stream: TcpStream, peer: SocketAddr) {
    let fd = stream.as_raw_fd();
    let slot = worker.table.insert(fd, S::FIRST, worker.ticks.now());
    let (input, pace) = (Vec::new(), Pace::default());
    let mut connection = Connection { worker, stream, fd, slot, input, start: 0, pace };
    if let Some(state) = connection.worker.call(|service| service.open(peer)) {
        connection.run(state).await;
    }
    let Connection { worker, stream, input, .. } = connection;
    worker.table.remove(slot);
    worker.buffers.return_input(input);
    drop(stream);
    worker.left(peer);
}

struct Connection<S> {
    worker: Rc<Worker<S>>,
    stream: TcpStream,
    fd: RawFd,
    slot: usize,
    /// Received bytes; those before `start` are consumed.
    input: Vec<u8>,
    start: usize,
    pace: Pace,
}

/// How a wait for bytes ended.
enum Received {
    /// There are more bytes than before.
    Bytes,
    /// It took too long.
    Late,
    /// No more will come.
    End,
    /// The connection is broken.
    Gone,
}

/// What follows an answer.
enum After {
    Receive(Wait),
    Expire,
    Close,
    Gone,
}

impl<S: Layer> Connection<S> {
    async fn run(&mut self, mut state: S::Connection) {
        let mut wait = S::FIRST;
        let mut rounds = 0_u32;
        loop {
            match self.receive(wait).await {
                Received::Bytes => {}
                Received::Late => return self.expire(&mut state, wait).await,
                Received::End => return self.take_leave(&mut state).await,
                Received::Gone => return,
            }
            match self.answer(&mut state, wait).await {
                After::Receive(next) => wait = next,
                After::Expire => return self.expire(&mut state, wait).await,
                After::Close => return self.close(&mut state).await,
                After::Gone => return,
            }
            rounds = rounds.wrapping_add(1);
            if self.worker.epoll && rounds.is_multiple_of(ROUNDS_BEFORE_YIELD) {
                self.let_others_go_first().await;
            }
        }
    }

    /// On epoll a socket that is always ready never waits, and its connection would keep the worker from
    /// all others. On io_uring every read and write goes through the ring, behind those of the others.
    #[cold]
    fn let_others_go_first(&self) -> impl Future<Output = ()> {
        self.worker.desk().bell.ring();
        self.worker.yielded.next()
    }

    /// Asks the service until it wants more bytes, sending what it answers.
    async fn answer(&mut self, state: &mut S::Connection, wait: Wait) -> After {
        let mut answered = false;
        let mut rounds = 0_u32;
        loop {
            let mut output = self.worker.buffers.output();
            self.worker.rest.stir();
            let input = &mut self.input[self.start..];
            let Some(step) = self.worker.call(|service| service.feed(state, input, &mut output)) else {
                return After::Gone;
            };
            self.start = self.input.len().min(self.start + step.consumed);
            let stuck = output.is_empty() && step.consumed == 0;
            if output.is_empty() {
                self.worker.buffers.return_output(output);
            } else if self.send(output).await.is_ok() {
                answered = true;
            } else {
                return After::Gone;
            }
            match step.next {
                // What came was no request yet.
                Next::Receive(Wait::Idle) if wait == Wait::Handshake => {
                    self.begin(Phase::Opening(Wait::Idle));
                    return After::Receive(Wait::Idle);
                }
                Next::Receive(Wait::Idle) if self.worker.draining.get() => return After::Close,
                Next::Receive(next) if answered || next != wait => {
                    self.begin(Phase::waiting(next));
                    return After::Receive(next);
                }
                // Nothing was gained by what came: a client that sends a byte now and then is late all the same.
                Next::Receive(_) if self.is_late(self.limit(wait)) => return After::Expire,
                Next::Receive(_) => {
                    // It may have paused, and is not to be passed over any more.
                    self.worker.table.turn_to(self.slot, Phase::waiting(wait));
                    return After::Receive(wait);
                }
                Next::Again if !stuck => {
                    rounds = rounds.wrapping_add(1);
                    if self.worker.epoll && rounds.is_multiple_of(ROUNDS_BEFORE_YIELD) {
                        self.let_others_go_first().await;
                    }
                }
                Next::Pause(time) if !self.pause(time).await => {
                    self.worker.call(|service| service.abandon(state));
                    return After::Gone;
                }
                Next::Pause(_) => {}
                Next::Close => return After::Close,
                Next::Again | Next::Abort => {
                    self.worker.counters().aborted.bump();
                    socket::reset_on_close(self.fd);
                    return After::Gone;
                }
            }
        }
    }

    /// Lets time pass. What came meanwhile waits in the kernel; a buffer with nothing in it is given back.
    #[cold]
    fn pause(&mut self, time: Duration) -> impl Future<Output = bool> {
        let pause = self.worker.pauses.pause(time);
        self.begin(Phase::Pausing(pause.due()));
        if self.start == self.input.len() {
            self.start = 0;
            self.worker.buffers.return_input(std::mem::take(&mut self.input));
        }
        // Boxed: rare, and its state would make every connection larger.
        Box::pin(pause)
    }

    /// Waits until there are more bytes. While nothing is buffered the wait goes on without a buffer
    /// after a few ticks: a connection that is merely kept alive should cost next to nothing.
    async fn receive(&mut self, wait: Wait) -> Received {
        if !self.make_room() {
            self.worker.counters().aborted.bump();
            socket::reset_on_close(self.fd);
            return Received::Gone;
        }
        if wait == Wait::Idle && self.pace.is_busy(self.worker.ticks.now()) {
            return self.receive_busily().await;
        }
        loop {
            match self.read().await {
                Ok(0) => return self.ended(),
                Ok(_) => return Received::Bytes,
                Err(error) if is_cancelled(&error) => {
                    if self.is_late(self.limit(wait)) {
                        return Received::Late;
                    }
                    // At the end what is parked is woken, once.
                    if wait == Wait::Idle && self.input.is_empty() && !self.worker.draining.get() {
                        self.park().await;
                    }
                }
                Err(_) => return Received::Gone,
            }
        }
    }

    /// As [`Self::receive`], by a read that cannot be cancelled, which costs less: the next request of a
    /// busy connection is all but here. If it is not after all, the sweeper ends the wait, and the buffer
    /// stays until then.
    async fn receive_busily(&mut self) -> Received {
        self.worker.table.turn_to(self.slot, Phase::Busy);
        let input = std::mem::take(&mut self.input);
        let filled = input.len();
        let (result, buffer) = self.stream.read(input.slice_mut(filled..)).await;
        self.input = buffer.into_inner();
        self.worker.table.turn_to(self.slot, Phase::Receiving(Wait::Idle));
        match result {
            Ok(0) => self.ended(),
            Ok(_) => Received::Bytes,
            Err(_) => Received::Gone,
        }
    }

    /// Reads behind what is there, in the current generation.
    async fn read(&mut self) -> io::Result<usize> {
        let input = std::mem::take(&mut self.input);
        let filled = input.len();
        let cancel = self.worker.reads.current();
        let (result, buffer) = self.stream.cancelable_read(input.slice_mut(filled..), cancel).await;
        self.input = buffer.into_inner();
        result
    }

    /// Gives the buffer back and waits for the socket to become readable.
    async fn park(&mut self) {
        let buffer = std::mem::take(&mut self.input);
        self.worker.buffers.return_input(buffer);
        self.worker.rest.stir();
        self.worker.table.turn_to(self.slot, Phase::Parked);
        self.worker.counters().parked.bump();
        // An error shows again, and is handled, when the socket is read.
        let _ = self.stream.readable(false).await;
        self.worker.table.turn_to(self.slot, Phase::Receiving(Wait::Idle));
        self.input = self.worker.buffers.input();
    }

    /// Makes room to read into: moves what is left to the front, grows a full buffer, shrinks one
    /// that was grown. False when the connection already holds all it may.
    fn make_room(&mut self) -> bool {
        self.input.drain(..self.start);
        self.start = 0;
        if self.input.is_empty() && self.input.capacity() != READ_BUFFER {
            self.input = self.worker.buffers.input();
        }
        let room = self.input.capacity();
        if self.input.len() < room {
            return true;
        }
        let limit = self.worker.shared.config.max_input;
        if room >= limit {
            return false;
        }
        self.input.reserve_exact(room.min(limit - room));
        true
    }

    /// Sends `output` whole and gives the buffer back.
    async fn send(&mut self, output: Vec<u8>) -> io::Result<()> {
        self.begin(Phase::Sending);
        let length = output.len();
        let (result, output) = self.stream.write(output).await;
        let output = match result {
            Ok(sent) if sent == length => output,
            Ok(sent) => self.send_rest(output, sent).await?,
            Err(error) => return Err(self.failed_to_send(error)),
        };
        self.worker.buffers.return_output(output);
        Ok(())
    }

    /// The client takes its answer piece by piece; each piece starts the deadline anew.
    #[cold]
    fn send_rest(
        &mut self,
        mut output: Vec<u8>,
        mut sent: usize,
    ) -> impl Future<Output = io::Result<Vec<u8>>> {
        // Boxed: rare, and its state would make every connection larger.
        Box::pin(async move {
            while sent < output.len() {
                self.begin(Phase::Sending);
                let (result, slice) = self.stream.write(output.slice(sent..)).await;
                output = slice.into_inner();
                match result {
                    Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                    Ok(more) => sent += more,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(self.failed_to_send(error)),
                }
            }
            Ok(output)
        })
    }

    #[cold]
    fn failed_to_send(&self, error: io::Error) -> io::Error {
        if self.worker.table.expired(self.slot) {
            self.worker.counters().write_timeouts.bump();
        }
        error
    }

    /// Reading ended: the client closed, or the sweeper gave a parked or busy connection up.
    fn ended(&self) -> Received {
        if self.worker.table.expired(self.slot) { Received::Late } else { Received::End }
    }

    /// What was waited for did not come: a last answer if the service has one.
    async fn expire(&mut self, state: &mut S::Connection, wait: Wait) {
        match wait {
            Wait::Idle => self.worker.counters().idle_timeouts.bump(),
            Wait::Handshake => self.worker.counters().handshake_timeouts.bump(),
            Wait::Head | Wait::Body => self.worker.counters().request_timeouts.bump(),
        }
        let mut output = self.worker.buffers.output();
        let input = &mut self.input[self.start..];
        let called = self.worker.call(|service| service.expire(state, wait, input, &mut output));
        if called.is_some() && !output.is_empty() && self.send(output).await.is_ok() {
            self.close(state).await;
        }
    }

    /// Sends what must come before the end, if anything must.
    async fn take_leave(&mut self, state: &mut S::Connection) {
        let mut output = self.worker.buffers.output();
        let input = &mut self.input[self.start..];
        let called = self.worker.call(|service| service.close(state, input, &mut output));
        if called.is_some() && !output.is_empty() {
            // The client may be gone.
            let _ = self.send(output).await;
        } else {
            self.worker.buffers.return_output(output);
        }
    }

    /// Closes in order (RFC 9112, section 9.6): says that nothing more will come, then reads on for a
    /// while. Closing with bytes unread would reset the connection, and the client might lose the answer.
    async fn close(&mut self, state: &mut S::Connection) {
        self.take_leave(state).await;
        socket::end_writing(&self.stream);
        self.begin(Phase::Closing);
        let mut drained = 0;
        while drained < CLOSE_DRAIN_BYTES && !self.is_late(self.worker.shared.config.timeouts.close) {
            self.input.clear();
            self.input.reserve(READ_BUFFER);
            match self.read().await {
                Ok(0) => return,
                Ok(more) => drained += more,
                Err(error) if is_cancelled(&error) => {}
                Err(_) => return,
            }
        }
    }

    fn begin(&self, phase: Phase) {
        self.worker.table.begin(self.slot, phase, self.worker.ticks.now());
    }

    fn limit(&self, wait: Wait) -> Duration {
        self.worker.shared.config.timeouts.of(wait)
    }

    fn is_late(&self, limit: Duration) -> bool {
        let since = self.worker.table.since(self.slot);
        is_over(since, self.worker.ticks.now(), limit, &self.worker.shared.config.timeouts)
    }
}

fn is_cancelled(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ECANCELED | libc::EINTR))
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::service::Service;

    struct Nothing;

    impl Service for Nothing {
        type Connection = ();
        fn open(&self, _: SocketAddr) {}
        fn feed(&self, (): &mut (), _: &[u8], _: &mut Vec<u8>) -> crate::Step {
            crate::Step { consumed: 0, next: Next::Close }
        }
        fn expire(&self, (): &mut (), _: Wait, _: &mut Vec<u8>) {}
        fn tick(&self) {}
    }

    fn size<F: Future>(_: impl Fn(Rc<Worker<Nothing>>, TcpStream, SocketAddr) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_connection_is_small() {
        assert!(
            size(serve::<Nothing>) <= 1024,
            "{} bytes for each connection, idle too",
            size(serve::<Nothing>)
        );
    }
}
