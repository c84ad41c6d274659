// Lucene with its CJKAnalyzer, beside a scan.
//
//     java -cp "$LUCENE" LucenePeer.java DUMP.jsonl [--runs R] [--searches S] [--threads N]
//
// $LUCENE holds lucene-core, lucene-analyzers-common (from Lucene 9 on: lucene-analysis-common) and
// lucene-queryparser; see README.md. No other library: the two fields that are needed are read from the dump's
// lines by hand.
//
// One stored text field with the text as it stands, CJKAnalyzer at its defaults: bigrams of Han characters, width
// and case folded, words of Latin letters and digits, English stop words. A string is a quoted phrase of the
// classic query parser. A single character is found only where it stands alone between marks, for the index
// holds bigrams. The figures are those of the Rust package (see the head of src/main.rs), with CPU time of the
// whole process, the virtual machine's compiler and collector included. The first run of indexing finds the
// virtual machine cold.

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

public final class LucenePeer {
    static final int HITS = 10;
    static final int BUDGET_MB = 160;

    public static void main(String[] given) throws Exception {
        String dump = given[0];
        int runs = option(given, "--runs", 3);
        int searches = option(given, "--searches", 50);
        int threads = option(given, "--threads", Runtime.getRuntime().availableProcessors());
        List<String> texts = new ArrayList<>();
        List<String> forms = new ArrayList<>();
        try (Stream<String> lines = Files.lines(Path.of(dump))) {
            lines.forEach(line -> {
                texts.add(field(line, "text"));
                forms.add(field(line, "matching"));
            });
        }
        List<String> queries = Files.readAllLines(Path.of(System.getProperty("queries", "../queries.txt")));
        double textMb = texts.stream().mapToLong(t -> t.getBytes(StandardCharsets.UTF_8).length).sum() / 1e6;

        double[] walls = new double[runs], cpus = new double[runs], sizes = new double[runs];
        Path folder = null;
        for (int run = 0; run < runs; run++) {
            if (folder != null) {
                delete(folder);
            }
            folder = Files.createTempDirectory("peer-");
            long wall = System.nanoTime(), used = cpu();
            build(texts, folder, threads);
            walls[run] = (System.nanoTime() - wall) / 1e9;
            cpus[run] = (cpu() - used) / 1e9;
            sizes[run] = size(folder) / 1e6;
        }
        report(folder, queries, forms, searches, textMb, walls, cpus, sizes, threads);
        delete(folder);
    }

    static void build(List<String> texts, Path folder, int threads) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(new CJKAnalyzer());
        config.setRAMBufferSizeMB(BUDGET_MB * threads);
        try (Directory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, config)) {
            AtomicInteger next = new AtomicInteger();
            Thread[] workers = new Thread[threads];
            for (int i = 0; i < threads; i++) {
                workers[i] = new Thread(() -> {
                    for (int place; (place = next.getAndIncrement()) < texts.size();) {
                        Document document = new Document();
                        document.add(new TextField("text", texts.get(place), Field.Store.YES));
                        try {
                            writer.addDocument(document);
                        } catch (IOException error) {
                            throw new java.io.UncheckedIOException(error);
                        }
                    }
                });
                workers[i].start();
            }
            for (Thread worker : workers) {
                worker.join();
            }
            writer.commit();
        }
    }

    static void report(Path folder, List<String> queries, List<String> forms, int searches, double textMb,
            double[] walls, double[] cpus, double[] sizes, int threads) throws Exception {
        int exact = 0;
        long found = 0, there = 0;
        List<Double> singles = new ArrayList<>();
        double[] medians = new double[queries.size()];
        StringBuilder rows = new StringBuilder("| passages | scan | lucene | ms |\n|---|---:|---:|---:|\n");
        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder))) {
            IndexSearcher searcher = new IndexSearcher(reader);
            for (int round = 0; round < 20; round++) {
                for (String query : queries) {
                    search(searcher, query); // The virtual machine compiles what is hot.
                }
            }
            for (int i = 0; i < queries.size(); i++) {
                String query = queries.get(i);
                long count = search(searcher, query), scan = forms.stream().filter(f -> f.contains(query)).count();
                double[] times = new double[searches];
                for (int n = 0; n < searches; n++) {
                    long start = System.nanoTime();
                    search(searcher, query);
                    times[n] = (System.nanoTime() - start) / 1e6;
                    singles.add(times[n]);
                }
                medians[i] = median(times);
                exact += count == scan ? 1 : 0;
                found += Math.min(count, scan);
                there += scan;
                rows.append(String.format("| %s | %d | %d | %.3f |%n", query, scan, count, medians[i]));
            }
        }
        singles.sort(Comparator.naturalOrder());
        double p99 = singles.get((int) Math.ceil(singles.size() * 0.99) - 1);
        double mb = median(sizes);
        System.out.printf("%d passages, %.1f MB of text; indexing threads: %d; runs: %d%n%n", forms.size(), textMb,
                threads, walls.length);
        System.out.printf("| engine | index wall s | index CPU s | index MB | index ÷ text | query ms | p99 ms |"
                + " slowest ms | exact of %d | recall %% |%n|---|%s%n", queries.size(), "---:|".repeat(9));
        System.out.printf("| lucene | %.2f | %.2f | %.1f | %.2f | %.3f | %.3f | %.3f | %d | %.2f |%n%n", median(walls),
                median(cpus), mb, mb / textMb, median(medians), p99, Arrays.stream(medians).max().orElse(0), exact,
                100.0 * found / there);
        System.out.print(rows);
    }

    static long search(IndexSearcher searcher, String string) throws Exception {
        QueryParser parser = new QueryParser("text", new CJKAnalyzer());
        TopScoreDocCollector collector = TopScoreDocCollector.create(HITS, Integer.MAX_VALUE);
        searcher.search(parser.parse("\"" + QueryParser.escape(string) + "\""), collector);
        return collector.topDocs().totalHits.value;
    }

    /** The string value of a field of a line of JSON, whose writer puts no space around the colon. */
    static String field(String line, String name) {
        String head = "\"" + name + "\":\"";
        StringBuilder value = new StringBuilder();
        for (int i = line.indexOf(head) + head.length(); line.charAt(i) != '"'; i++) {
            char c = line.charAt(i);
            if (c != '\\') {
                value.append(c);
                continue;
            }
            c = line.charAt(++i);
            if (c == 'u') {
                value.append((char) Integer.parseInt(line.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                int place = "bfnrt".indexOf(c);
                value.append(place < 0 ? c : "\b\f\n\r\t".charAt(place));
            }
        }
        return value.toString();
    }

    static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    static int option(String[] given, String name, int otherwise) {
        int place = Arrays.asList(given).indexOf(name);
        return place < 0 ? otherwise : Integer.parseInt(given[place + 1]);
    }
}
