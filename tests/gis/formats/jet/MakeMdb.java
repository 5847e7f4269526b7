// Makes an .mdb of Jet 4 from a folder of CSV tables, and three small files that a reader must understand or refuse.
// See README.md beside this file. Usage: java MakeMdb CSV_FOLDER OUT.mdb | java MakeMdb --corners OUT_FOLDER
import com.healthmarketscience.jackcess.ColumnBuilder;
import com.healthmarketscience.jackcess.DataType;
import com.healthmarketscience.jackcess.Database;
import com.healthmarketscience.jackcess.DatabaseBuilder;
import com.healthmarketscience.jackcess.Table;
import com.healthmarketscience.jackcess.TableBuilder;
import java.io.File;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;

public final class MakeMdb {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");

    public static void main(String[] args) throws Exception {
        if (args[0].equals("--corners")) {
            corners(new File(args[1]));
        } else {
            fromTables(new File(args[0]), new File(args[1]));
        }
    }

    private static void fromTables(File folder, File out) throws Exception {
        try (Database made = DatabaseBuilder.create(Database.FileFormat.V2000, out)) {
            File[] files = folder.listFiles((dir, name) -> name.endsWith(".csv"));
            Arrays.sort(files);
            for (File file : files) {
                List<String> lines = Files.readAllLines(file.toPath(), StandardCharsets.UTF_8);
                String[] header = lines.get(0).split(",", -1);
                String name = file.getName().replace(".csv", "");
                TableBuilder builder = new TableBuilder(name);
                for (String column : header) {
                    builder.addColumn(column(column));
                }
                Table table = builder.toTable(made);
                for (String line : lines.subList(1, lines.size())) {
                    String[] cells = line.split(",", -1);
                    Object[] row = new Object[header.length];
                    for (int at = 0; at < header.length; at++) {
                        row[at] = value(header[at], cells[at]);
                    }
                    table.addRow(row);
                }
            }
        }
    }

    // The types of the standard's .mdb: days DateTime, areas Double, counts Integer, everything else Text.
    private static boolean isDay(String name) {
        return name.endsWith("RQ") || name.endsWith("SJ") || name.equals("CBQXQ") || name.equals("CBQXZ");
    }

    private static boolean isArea(String name) {
        return name.matches("(HT|YHT|LZ)Z?MJM?");
    }

    private static ColumnBuilder column(String name) {
        if (isDay(name)) {
            return new ColumnBuilder(name, DataType.SHORT_DATE_TIME);
        }
        if (isArea(name)) {
            return new ColumnBuilder(name, DataType.DOUBLE);
        }
        if (name.equals("CBFCYSL") || name.equals("CBDKZS") || name.equals("LZDKS")) {
            return new ColumnBuilder(name, DataType.INT);
        }
        ColumnBuilder text = new ColumnBuilder(name, DataType.TEXT).setLengthInUnits(254);
        return name.length() % 2 == 0 ? text.setCompressedUnicode(true) : text;
    }

    private static Object value(String name, String cell) {
        if (cell.isEmpty()) {
            return null;
        }
        if (isDay(name)) {
            return LocalDate.parse(cell, DAY).atStartOfDay();
        }
        if (isArea(name)) {
            return Double.valueOf(cell);
        }
        return column(name).getType() == DataType.INT ? (Object) Short.valueOf(cell) : cell;
    }

    private static void corners(File folder) throws Exception {
        try (Database made = DatabaseBuilder.create(Database.FileFormat.V2000, new File(folder, "corners.mdb"))) {
            Table table = new TableBuilder("corners")
                .addColumn(new ColumnBuilder("number", DataType.LONG))
                .addColumn(new ColumnBuilder("yes", DataType.BOOLEAN))
                .addColumn(new ColumnBuilder("text", DataType.TEXT).setLengthInUnits(100).setCompressedUnicode(true))
                .addColumn(new ColumnBuilder("memo", DataType.MEMO))
                .addColumn(new ColumnBuilder("money", DataType.MONEY))
                .addColumn(new ColumnBuilder("exact", DataType.NUMERIC).setPrecision(15).setScale(2))
                .addColumn(new ColumnBuilder("single", DataType.FLOAT))
                .addColumn(new ColumnBuilder("moment", DataType.SHORT_DATE_TIME))
                .toTable(made);
            String longest = "四至".repeat(5000);
            table.addRow(1, true, "plain ASCII", "short", new BigDecimal("12.3456"), new BigDecimal("-31000.05"), 0.5f,
                LocalDateTime.of(2016, 11, 30, 0, 0));
            table.addRow(2, false, "嘎查 café 草场", "长".repeat(300), new BigDecimal("-0.0001"), new BigDecimal("0.01"),
                -1.25f, LocalDateTime.of(1899, 12, 29, 6, 30));
            table.addRow(3, null, null, longest, null, null, null, null);
            table.addRow(4, true, "deleted", null, null, null, null, null);
            for (int n = 5; n < 400; n++) {
                table.addRow(n, n % 2 == 0, "行" + n, null, null, BigDecimal.valueOf(n), null, null);
            }
            table.deleteRow(com.healthmarketscience.jackcess.CursorBuilder.findRow(table,
                java.util.Collections.singletonMap("number", 4)));
            // A row that grows past its page leaves a pointer where it stood.
            com.healthmarketscience.jackcess.Row grown = com.healthmarketscience.jackcess.CursorBuilder.findRow(table,
                java.util.Collections.singletonMap("number", 6));
            grown.put("text", "长".repeat(100));
            table.updateRow(grown);
            new TableBuilder("empty").addColumn(new ColumnBuilder("only", DataType.TEXT)).toTable(made);
        }
        try (Database made = DatabaseBuilder.create(Database.FileFormat.V2000, new File(folder, "geodatabase.mdb"))) {
            for (String name : new String[] {"GDB_GeomColumns", "GDB_ObjectClasses", "DK"}) {
                new TableBuilder(name).addColumn(new ColumnBuilder("TableName", DataType.TEXT)).toTable(made);
            }
        }
    }
}
