package io.pagebook.stress.step;

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
import io.pagebook.testing.ChildJvm;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Halts the main thread of a process, and all others with it, before lines and calls of the engine,
 * through the debugger interface: so the engine needs no hooks. A halted process is as good as one
 * that died there, or was stopped there by a signal: nothing of it runs.
 */
public final class Stepper implements AutoCloseable {
  private static final String ENGINE = "io.pagebook.book.";
  private static final List<String> MEMORY =
      List.of(ENGINE + "memory.PageMemory", ENGINE + "memory.Words");
  private static final int POLL_MS = 5;
  private static final int EVENT_PATIENCE_MS = 60_000;

  /** What a process is started with that is to be stepped. */
  public static final String OPTION =
      "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

  private final ChildJvm child;
  private final VirtualMachine machine;
  private final Map<Location, Integer> hits = new HashMap<>();
  private Plan plan = Plan.ofLines(1);
  private EventSet stopped;
  private int linesSaid;

  /**
   * Where to halt.
   *
   * @param lines classes before each line of which
   * @param calls methods of {@code PageMemory} and {@code Words} before each call of which, or
   *     before one in so many where there are very many
   * @param hitsPerLine a line is halted before so often; then it is part of a loop like all others
   */
  public record Plan(List<String> lines, Map<String, Integer> calls, int hitsPerLine) {
    /** Before lines of classes of the engine, whose names are given without its package. */
    public static Plan ofLines(int hitsPerLine, String... classes) {
      return new Plan(Stream.of(classes).map(ENGINE::concat).toList(), Map.of(), hitsPerLine);
    }

    /** And before lines of other classes, by their whole names. */
    public Plan andLines(String... names) {
      return new Plan(Stream.concat(lines.stream(), Stream.of(names)).toList(), calls, hitsPerLine);
    }

    public Plan withCalls(Map<String, Integer> methods) {
      return new Plan(lines, methods, hitsPerLine);
    }

    /** What the process must have loaded before {@link Stepper#begin}. */
    public List<String> classes() {
      return Stream.concat(lines.stream(), MEMORY.stream()).toList();
    }
  }

  /** Attaches to a process that was started with {@link #OPTION}. */
  public Stepper(ChildJvm child) throws IOException {
    this.child = child;
    String before = "Listening for transport";
    String listening =
        child.stdoutLines().stream()
            .filter(line -> line.startsWith(before))
            .findFirst()
            .orElseGet(() -> child.awaitLine(before));
    machine = attach(listening.substring(listening.lastIndexOf(' ') + 1));
  }

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

  /** From here on the process halts, until it says its next line on standard output. */
  public void begin(Plan where) throws AbsentInformationException {
    plan = where;
    hits.clear();
    linesSaid = child.stdoutLines().size();
    for (String name : plan.lines()) {
      for (Location location : type(name).allLineLocations()) {
        stopAt(location, 1);
      }
    }
    for (String name : MEMORY) {
      for (Method method : type(name).methods()) {
        if (plan.calls().containsKey(method.name()) && method.location() != null) {
          stopAtCall(method.location());
        }
      }
    }
  }

  private ReferenceType type(String name) {
    List<ReferenceType> types = machine.classesByName(name);
    if (types.isEmpty()) {
      throw new IllegalStateException("a breakpoint needs a loaded class: class=" + name);
    }
    return types.get(0);
  }

  private void stopAtCall(Location location) {
    stopAt(location, plan.calls().get(location.method().name()));
  }

  /** The process itself counts: each halt costs milliseconds. */
  private void stopAt(Location location, int count) {
    ThreadReference main =
        machine.allThreads().stream()
            .filter(thread -> thread.name().equals("main"))
            .findFirst()
            .orElseThrow();
    BreakpointRequest request = machine.eventRequestManager().createBreakpointRequest(location);
    request.addThreadFilter(main);
    request.addCountFilter(count);
    request.enable();
  }

  /**
   * Lets the process go on to its next halt.
   *
   * @return where that is; empty if the process has said something instead
   */
  public Optional<String> next() throws InterruptedException {
    while (true) {
      resume();
      EventSet events = nextEvents();
      if (events == null) {
        machine.eventRequestManager().deleteAllBreakpoints();
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

  private EventSet nextEvents() throws InterruptedException {
    for (int waited = 0; waited < EVENT_PATIENCE_MS; waited += POLL_MS) {
      EventSet events = machine.eventQueue().remove(POLL_MS);
      if (events != null) {
        return events;
      }
      if (child.stdoutLines().size() > linesSaid) {
        return null;
      }
    }
    throw new AssertionError("the process neither halts nor ends\n" + child.transcript());
  }

  /** Counts are done with once they are reached; a busy line is given up. */
  private void renew(BreakpointEvent point, Location at) {
    int hit = hits.merge(at, 1, Integer::sum);
    machine.eventRequestManager().deleteEventRequest(point.request());
    String type = at.declaringType().name();
    if (MEMORY.contains(type) && !plan.lines().contains(type)) {
      stopAtCall(at);
    } else if (hit < plan.hitsPerLine()) {
      stopAt(at, 1);
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
