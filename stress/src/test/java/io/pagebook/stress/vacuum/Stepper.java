package io.pagebook.stress.vacuum;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import io.pagebook.stress.Stress;
import io.pagebook.testing.ChildJvm;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stops a vacuuming process before each line of the vacuum, and before stores to shared words,
 * through the debugger interface: so the engine needs no hooks. A stopped process is as good as one
 * that died there: nothing of it runs.
 */
final class Stepper implements AutoCloseable {
  private static final String ENGINE = "io.pagebook.book.";

  /** Stopped before each line of these. */
  private static final List<String> LINES =
      List.of(ENGINE + "Vacuum", ENGINE + "NewFile", ENGINE + "BookCopier");

  private static final String MEMORY = ENGINE + "memory.PageMemory";

  /** Stopped before each call of these, or before one in so many where there are very many. */
  private static final Map<String, Integer> CALLS =
      Map.of(
          "putLongVolatile", 1,
          "truncate", 1,
          "force", 1,
          "appendZerosTo", 1,
          "compareAndSetLong", 1000,
          "putLongRelease", 1000);

  /** A line is stopped before so often; then it is part of a loop like all the others. */
  private static final int HITS_PER_LINE = Stress.choose(1, 2);

  /** What the process must have loaded. */
  static final List<String> STEPPED = List.of(LINES.get(0), LINES.get(1), LINES.get(2), MEMORY);

  private static final int EVENT_PATIENCE_MS = 60_000;

  private final VirtualMachine machine;
  private final Map<Location, Integer> hits = new HashMap<>();
  private EventSet stopped;

  /** Attaches to a process that was started with {@link #OPTION}. */
  Stepper(ChildJvm child) throws IOException {
    String listening = child.awaitLine("Listening for transport");
    machine = attach(listening.substring(listening.lastIndexOf(' ') + 1));
  }

  /** What such a process is started with. */
  static final String OPTION =
      "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

  private static VirtualMachine attach(String port) throws IOException {
    AttachingConnector socket =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(connector -> connector.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = socket.defaultArguments();
    arguments.get("port").setValue(port);
    arguments.get("hostname").setValue("127.0.0.1");
    try {
      return socket.attach(arguments);
    } catch (IllegalConnectorArgumentsException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From here on the process stops. */
  void begin() throws AbsentInformationException {
    for (String name : LINES) {
      for (Location location : type(name).allLineLocations()) {
        machine.eventRequestManager().createBreakpointRequest(location).enable();
      }
    }
    for (Method method : type(MEMORY).methods()) {
      if (CALLS.containsKey(method.name()) && method.location() != null) {
        stopAtCall(method.location());
      }
    }
  }

  private ReferenceType type(String name) {
    return machine.classesByName(name).get(0);
  }

  /** The process itself counts: each stop costs milliseconds. */
  private void stopAtCall(Location location) {
    ThreadReference vacuuming =
        machine.allThreads().stream()
            .filter(thread -> thread.name().equals("main"))
            .findFirst()
            .orElseThrow();
    BreakpointRequest request = machine.eventRequestManager().createBreakpointRequest(location);
    request.addThreadFilter(vacuuming);
    request.addCountFilter(CALLS.get(location.method().name()));
    request.enable();
  }

  /**
   * Lets the process go on to its next stop.
   *
   * @return where that is; empty if the process has done {@code child}'s vacuum
   */
  Optional<String> next(ChildJvm child) throws InterruptedException {
    while (true) {
      resume();
      EventSet events = nextEvents(child);
      if (events == null) {
        return Optional.empty();
      }
      stopped = events;
      for (Event event : events) {
        if (event instanceof BreakpointEvent point) {
          Location at = point.location();
          renew(point, at);
          String name = at.declaringType().name();
          return Optional.of(
              name.substring(name.lastIndexOf('.') + 1)
                  + "."
                  + at.method().name()
                  + ":"
                  + at.lineNumber()
                  + " #"
                  + hits.get(at));
        }
      }
    }
  }

  private EventSet nextEvents(ChildJvm child) throws InterruptedException {
    for (int waited = 0; waited < EVENT_PATIENCE_MS; waited += 50) {
      EventSet events = machine.eventQueue().remove(50);
      if (events != null) {
        return events;
      }
      if (child.stdoutLines().contains("vacuumed")) {
        return null;
      }
    }
    throw new AssertionError("the process neither stops nor ends\n" + child.transcript());
  }

  /** Calls are counted from here on again; a busy line is given up. */
  private void renew(BreakpointEvent point, Location at) {
    int hit = hits.merge(at, 1, Integer::sum);
    if (at.declaringType().name().equals(MEMORY)) {
      machine.eventRequestManager().deleteEventRequest(point.request());
      stopAtCall(at);
    } else if (hit >= HITS_PER_LINE) {
      point.request().disable();
    }
  }

  private void resume() {
    if (stopped != null) {
      stopped.resume();
      stopped = null;
    }
  }

  @Override
  public void close() {
    try {
      machine.dispose();
    } catch (VMDisconnectedException e) {
      // it was killed, as it should be
    }
  }
}
