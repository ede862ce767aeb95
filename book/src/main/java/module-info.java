/**
 * The storage engine of Pagebook: a book of pages in one memory-mapped file, shared by processes.
 */
module io.pagebook.book {
  requires com.dynatrace.hash4j;
  requires static org.jspecify;

  exports io.pagebook.book;
}
