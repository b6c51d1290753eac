-- CreateTable
CREATE TABLE "User" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "alias" TEXT,
    "aliasKey" TEXT,
    "passwordHash" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "lastSeenAt" DATETIME
);

-- CreateTable
CREATE TABLE "Group" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "GroupUser" (
    "groupId" INTEGER NOT NULL,
    "userId" INTEGER NOT NULL,

    PRIMARY KEY ("groupId", "userId"),
    CONSTRAINT "GroupUser_groupId_fkey" FOREIGN KEY ("groupId") REFERENCES "Group" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "GroupUser_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "GroupGroup" (
    "outerId" INTEGER NOT NULL,
    "innerId" INTEGER NOT NULL,

    PRIMARY KEY ("outerId", "innerId"),
    CONSTRAINT "GroupGroup_outerId_fkey" FOREIGN KEY ("outerId") REFERENCES "Group" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "GroupGroup_innerId_fkey" FOREIGN KEY ("innerId") REFERENCES "Group" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CatalogRevision" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "revision" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "CatalogTable" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "number" INTEGER NOT NULL,
    "position" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "CatalogField" (
    "tableName" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "length" INTEGER,
    "notNull" BOOLEAN,
    "unique" BOOLEAN,
    "autoIncrement" BOOLEAN,
    "autoUuid" BOOLEAN,

    PRIMARY KEY ("tableName", "name"),
    CONSTRAINT "CatalogField_tableName_fkey" FOREIGN KEY ("tableName") REFERENCES "CatalogTable" ("name") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CatalogKeyField" (
    "tableName" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "fieldName" TEXT NOT NULL,

    PRIMARY KEY ("tableName", "position"),
    CONSTRAINT "CatalogKeyField_tableName_fkey" FOREIGN KEY ("tableName") REFERENCES "CatalogTable" ("name") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "CatalogKeyField_tableName_fieldName_fkey" FOREIGN KEY ("tableName", "fieldName") REFERENCES "CatalogField" ("tableName", "name") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CatalogRelation" (
    "position" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "fromTable" TEXT NOT NULL,
    "fromField" TEXT NOT NULL,
    "toTable" TEXT NOT NULL,
    "toField" TEXT NOT NULL,
    "onDelete" TEXT NOT NULL,
    CONSTRAINT "CatalogRelation_fromTable_fromField_fkey" FOREIGN KEY ("fromTable", "fromField") REFERENCES "CatalogField" ("tableName", "name") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "CatalogRelation_toTable_toField_fkey" FOREIGN KEY ("toTable", "toField") REFERENCES "CatalogField" ("tableName", "name") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CatalogIndex" (
    "position" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "tableName" TEXT NOT NULL,
    "unique" BOOLEAN NOT NULL,
    CONSTRAINT "CatalogIndex_tableName_fkey" FOREIGN KEY ("tableName") REFERENCES "CatalogTable" ("name") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CatalogIndexField" (
    "indexPosition" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "tableName" TEXT NOT NULL,
    "fieldName" TEXT NOT NULL,

    PRIMARY KEY ("indexPosition", "position"),
    CONSTRAINT "CatalogIndexField_indexPosition_fkey" FOREIGN KEY ("indexPosition") REFERENCES "CatalogIndex" ("position") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "CatalogIndexField_tableName_fieldName_fkey" FOREIGN KEY ("tableName", "fieldName") REFERENCES "CatalogField" ("tableName", "name") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Version" (
    "number" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "publishedAt" DATETIME NOT NULL,
    "publishedBy" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Credential" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "soleName" TEXT,
    "role" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME,
    "lastUsedAt" DATETIME
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "number" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "who" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "ok" BOOLEAN NOT NULL,
    "code" TEXT
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "User_nameKey_key" ON "User"("nameKey");

-- CreateIndex
CREATE UNIQUE INDEX "User_aliasKey_key" ON "User"("aliasKey");

-- CreateIndex
CREATE UNIQUE INDEX "Group_nameKey_key" ON "Group"("nameKey");

-- CreateIndex
CREATE INDEX "GroupUser_userId_idx" ON "GroupUser"("userId");

-- CreateIndex
CREATE INDEX "GroupGroup_innerId_idx" ON "GroupGroup"("innerId");

-- CreateIndex
CREATE INDEX "CatalogKeyField_tableName_fieldName_idx" ON "CatalogKeyField"("tableName", "fieldName");

-- CreateIndex
CREATE INDEX "CatalogRelation_fromTable_fromField_idx" ON "CatalogRelation"("fromTable", "fromField");

-- CreateIndex
CREATE INDEX "CatalogRelation_toTable_toField_idx" ON "CatalogRelation"("toTable", "toField");

-- CreateIndex
CREATE INDEX "CatalogIndex_tableName_idx" ON "CatalogIndex"("tableName");

-- CreateIndex
CREATE INDEX "CatalogIndexField_tableName_fieldName_idx" ON "CatalogIndexField"("tableName", "fieldName");

-- CreateIndex
CREATE UNIQUE INDEX "Version_id_key" ON "Version"("id");

-- CreateIndex
CREATE UNIQUE INDEX "Credential_soleName_key" ON "Credential"("soleName");

-- CreateIndex
CREATE INDEX "Credential_kind_name_idx" ON "Credential"("kind", "name");

-- CreateIndex
CREATE INDEX "Credential_expiresAt_idx" ON "Credential"("expiresAt");
